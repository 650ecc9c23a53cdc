"""What tasks do to what they share.

`accesses` is told of it, by instrumented code and by the fakes, and passes it on: to
`happens_before`, which finds data races, and to `footprints`, for partial-order reduction.
`variables` knows whose variable it is that is accessed, `identity` which object is which, `lives`
until when, and `threading_internals` what the standard library does that neither fakes nor steps
tell of.
"""
