"""天猫客服职责与规章制度 (`online-store-service`): what a wrong order costs, and what misconduct costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from policy_core._clause import full
from policy_core._inputs import choice as one_of
from policy_core._inputs import integer, number
from policy_core._registry import register
from policy_core._working import Working

type Settlement = Literal["return", "reship-missing", "reship-wrong-model", "compensation"]

NOTHING = Fraction(0)


# ---- 二、2 上班纪律 ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How often someone broke the rules at work."""

    offences: Fraction = integer(0, clause="2.2.2")


@register(
    "conduct-fine",
    policy_id="online-store-service",
    inputs=Conduct,
    clauses=("2.2.2",),
    figures=("warning_fine",),
    facts=("shifts", "leave", "answer_within"),
    findings=("scope-of-warning", "reset", "several-in-a-week", "legal"),
)
def conduct_fine(conduct: Conduct, working: Working) -> Mapping[str, object]:
    """Warn at the first offence and fine each further one.

    Clauses: 2.2.2
    """
    # 玩游戏首次警告，再发现的20元/次，一周内多次违纪、屡劝不听的，协商离职。
    # online-store-service:2.2.2
    once = working.number(Fraction(1))
    warnings = working.step("警告", min(conduct.offences, once), "次", "2.2.2")
    further = working.step("警告以后又违纪", conduct.offences - warnings, "次", "2.2.2")
    each = working.figure("warning_fine").number()
    fine = working.step("罚款", further * each, "元", "2.2.2")
    working.doubt("scope-of-warning")
    if working.decide("违纪不止一次", conduct.offences > 1, "2.2.2"):
        for name in ("reset", "several-in-a-week", "legal"):
            working.doubt(name)
    return {"warnings": warnings, "fine": fine}


# ---- 二、3 工作失职处罚 --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderError:
    """A wrong order: whose error it is, how it is settled, and what that costs."""

    cause: Literal["service", "warehouse"] = one_of("service", "warehouse", clause="2.3")
    choice: Settlement | None = one_of(
        "return",
        "reship-missing",
        "reship-wrong-model",
        "compensation",
        when={"cause": ("service",)},
        clause="2.3",
    )
    commission: Fraction = number(0, default=0, when={"choice": ("return",)}, clause="2.3.1")
    return_freight: Fraction = number(
        0, default=0, when={"choice": ("return", "reship-wrong-model")}, clause="2.3"
    )
    reship_cost: Fraction = number(
        0, default=0, when={"choice": ("reship-missing", "reship-wrong-model")}, clause="2.3.2"
    )


# What an employee can be made to bear; the charges are other people's bills.
LABELS = {
    "commission": "取消的提成",
    "return_freight": "退货运费",
    "reship_cost": "补发费用",
    "fine": "罚款",
}
CHARGES = ("return_freight", "reship_cost")


@register(
    "order-error",
    policy_id="online-store-service",
    inputs=OrderError,
    clauses=("2.3", "2.3.1", "2.3.2", "2.3.2.1", "2.3.2.2", "2.3.3"),
    figures=("compensation_fine",),
    facts=("order_flow",),
    findings=("wrong-model-cost", "compensation-payer", "fault-judge", "legal"),
)
def order_error(error: OrderError, working: Working) -> Mapping[str, object]:
    """Add up what a wrong order costs the employee, by how it is settled with the customer.

    Clauses: 2.3, 2.3.1, 2.3.2, 2.3.3
    Readings: wrong-model-cost (both)
    """
    # 订单确认错了、货发错了，按下面的办法处理，仓库配货出错的除外。
    # online-store-service:2.3
    own = error.choice is not None
    working.found("个人承担", "客服确认错" if own else "仓库配货出错", own, "", "2.3")
    working.doubt("fault-judge")
    clause, names = borne(error.choice, working)
    amounts = {
        name: working.step(LABELS[name], amount(name, error, working), "元", clause)
        for name in names
    }
    return {
        "commission_lost": amounts.get("commission", NOTHING),
        "charges": [
            {"id": name, "amount": amounts[name], "clause": full("online-store-service", clause)}
            for name in CHARGES
            if name in amounts
        ],
        "fine": amounts.get("fine", NOTHING),
        "total": working.step("一共承担", sum(amounts.values(), NOTHING), "元", "2.3"),
    }


def amount(name: str, error: OrderError, working: Working) -> Fraction:
    """Give what one of the things to bear comes to: an entry, or the fine of the text."""
    if name == "fine":
        return working.figure("compensation_fine").number()
    entered: Fraction = getattr(error, name)
    return entered


def borne(choice: Settlement | None, working: Working) -> tuple[str, tuple[str, ...]]:
    """Name the clause of a settlement and what it makes the employee bear.

    Clauses: 2.3, 2.3.1, 2.3.2.1, 2.3.2.2, 2.3.3
    Readings: wrong-model-cost (both; return-freight: the text names no other cost)
    """
    if choice is None:
        return "2.3", ()
    working.doubt("legal")
    if choice == "return":
        # 客户要求直接退货的，这一单的提成取消。退货运费由个人自己联系物流谈好
        # online-store-service:2.3.1
        working.found("怎样处理", "客户退货", "第一种情况", "", "2.3.1")
        return "2.3.1", ("commission", "return_freight")
    if choice == "reship-missing":
        # 货品少了数量的，主管核实后由客服直接补发，费用等物流结款后从个人工资里扣
        # online-store-service:2.3.2.1
        working.found("怎样处理", "少了数量，补发", "第二种情况", "", "2.3.2.1")
        return "2.3.2.1", ("reship_cost",)
    if choice == "reship-wrong-model":
        # 仓管签收后安排补发，退货运费个人同物流结清。
        # online-store-service:2.3.2.2
        working.found("怎样处理", "型号错了，退回再补发", "第二种情况", "", "2.3.2.2")
        both = working.reading("wrong-model-cost") == "both"
        return "2.3.2.2", CHARGES if both else CHARGES[:1]
    # 说服客户不退货、由店里合理让步作出补偿的，补偿形式经主管批准后返给客户，对个人罚款50元/次。
    # online-store-service:2.3.3
    working.found("怎样处理", "不退货，给补偿", "第三种情况", "", "2.3.3")
    working.doubt("compensation-payer")
    return "2.3.3", ("fine",)
