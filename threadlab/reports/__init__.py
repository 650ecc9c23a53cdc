"""Shows what has failed: one execution as data, and that as a table, a picture, a page, a trace.

`timeline` is what is shown, `observer` fills it, with the words of `naming` and `values` and the
lines of `lines`; `rows` says what of it matters. Each form is a module that reads these and knows
nothing of the others: `table`, `svg`, `page`, which has pictures in it, `trace`. `text` is what
the command prints, `failed_test` what pytest does, and `files` writes both to disk.
"""
