"""Shows what has failed: one execution as data, and that as a table, a picture, a page, a trace.

`timeline` is what is shown, `observer` fills it, with the words of `naming` and `values` and the
lines of `lines`, and without each `repetition`; `rows` says what of it matters, `blocked` who waits
for whom. Each form is a module that reads these and knows
nothing of the others: `table`; `svg`, of which `tracks` says what each thread is up to and `layout`
where it is drawn; `page`, which has such pictures in it, below what `headline` says; `trace`.
`words` are the same in all of them. `text` is what the command prints, `mutants` what it does of
mutants, `parts` what it does of the parts of a search, `failed_test` what pytest shows, and `files`
writes pages and traces for both.
"""
