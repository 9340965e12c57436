-- Each entry and what is decided about it.
SELECT space, id, in_line, verdict, gone FROM entry;
