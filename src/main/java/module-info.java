module jkipsec {
    exports jkipsec.bytes;
}
