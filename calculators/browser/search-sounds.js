/** Knows which characters sound alike: who types by sound often gets a wrong one, 工兹 for 工资. */

/** The common characters of GB 2312 stand by sound; here the first one of each syllable. */
const FIRSTS = new Set(
  "啊埃鞍肮凹芭白斑邦苞杯奔崩逼鞭标鳖彬兵玻捕擦猜餐苍操厕层插拆搀昌超车郴撑吃充抽初揣川疮吹春戳疵聪凑粗蹿摧村磋搭呆耽当刀德蹬堤颠碉跌丁丢东兜督端堆墩掇"
  + "蛾恩而发藩坊菲芬丰佛否夫噶该干冈篙哥给根耕工钩辜刮乖棺光瑰辊锅哈骸酣夯壕呵嘿痕哼轰喉呼花槐欢荒灰荤豁击嘉歼僵蕉揭巾荆炯揪鞠捐撅均喀开刊康考坷肯坑空抠枯夸"
  + "块宽匡亏坤括垃莱蓝琅捞勒雷棱厘俩联粮撩列琳玲溜龙楼芦驴峦掠抡萝妈埋瞒芒猫么玫门萌眯棉苗蔑民明谬摸谋拇拿氖南囊挠呢馁嫩能妮蔫娘鸟捏您柠牛脓奴女暖虐挪哦欧啪"
  + "拍攀乓抛呸喷砰坯篇飘撇拼乒坡扑期掐牵枪橇切钦青琼秋趋圈缺裙然瓤饶惹壬扔日戎揉茹软蕊闰若撒腮三桑搔瑟森僧莎筛珊墒梢奢砷声师收蔬刷摔栓霜谁吮说斯松搜苏酸虽孙"
  + "蓑塌胎坍汤掏特藤梯天挑贴厅通偷凸湍推吞拖挖歪豌汪威瘟嗡挝巫昔瞎掀相萧楔薪星兄休墟轩靴勋压焉殃邀椰一茵英哟拥幽迂鸳曰耘匝栽咱赃遭责贼怎增扎摘瞻樟招遮珍蒸芝中"
  + "舟珠抓拽专桩椎谆捉兹鬃邹租钻嘴尊昨",
);

/** @type {Map<string, string>} */
const ALIKE = new Map();

/** Give the characters that sound like one, it among them. @param {string} sign */
export function soundsLike(sign) {
  if (!ALIKE.size) {
    const bytes = Array.from({ length: 40 * 94 }, (_, at) => [0xb0 + Math.floor(at / 94), 0xa1 + (at % 94)]).flat();
    let sound = "";
    for (const each of new TextDecoder("gbk").decode(Uint8Array.from(bytes)).replace(/[^\u4e00-\u9fff]/g, "")) {
      if (FIRSTS.has(each)) {
        [...sound].forEach((same) => ALIKE.set(same, sound));
        sound = "";
      }
      sound += each;
    }
    [...sound].forEach((same) => ALIKE.set(same, sound));
  }
  return ALIKE.get(sign) ?? "";
}
