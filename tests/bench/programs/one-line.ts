/** What a command is measured against: the least that a compiled Bun program can do. */
if (import.meta.main) console.log("one line");
