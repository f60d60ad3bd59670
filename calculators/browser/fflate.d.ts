/** The build lays the library itself beside the modules, under this name. */
export * from "fflate";
