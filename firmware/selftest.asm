; selftest: one sample that uses every unit of the core. The host sends the levels 1 2 3 4 5 6 7 8; on a sound core the
; registers and the state memory then read
;
;   decision 5, best 205, potentials of e (state 16 ..) 23 -176 -163 -56 -215 205 2 -216
;
; cycles is the same on every core with equal accumulatorBits and quotientBits, operations and spikes on every core.
; It uses 8 lanes, weights of -8..7 and at most 4 quotient bits, so it runs on every configuration with 8 lanes or more.
;
;   a   dense, graded                    fresh, store, emit, all divider stages
;   b   dense, ternary, until silent     signs, tracers, mark, quiet, loop, fire-only passes
;   c   2 x 2 pixels, largest of 2 x 1   kernel rows, clipping at the border, merge max, pixels of 4 channels
;   d   sum of 2 positions in the lanes  merge sum, several positions a visit
;   e   integrates b, c and d, argmax    state over several passes
;
; list: input 0, a 8, b 16, c 24, d 32.  pointers: input 0, a 2 (two pixels), b 6, c 8, d 12.
; state: a 0, b 8, e 16.  parameters: a and b 0, c and d 8, e 16.  weights: a 0, b 8, c 16, d 32, e 40, 48, 56.

.program "selftest"
.input "levels" shape=1x1x8 max=15
.readout "e" shape=1x1x8 state=16
.worst-case cycles=10000

sample:
  set list address=0
  set pointer address=0
  set channels count=8
  set index value=0
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=8 last=8 position=8
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin x=0 y=0
  set row-step row=0
  input count=8

  ; a: 8 -> 8, emitted as two pixels of 4 channels
  set parameters address=0
  set state address=0
  set fire mask=15 max=0
  set origin-pointer address=0
  set weight-base row=0
  set list address=8
  set pointer address=2
  set channels count=4
  pass table=still fresh store emit

  ; b: the first step takes the input in (with the weights of a), the second a, two pixels wide; the others only fire
  set state address=8
  set fire mask=1 max=3
  set list address=16
  set pointer address=6
  set channels count=8
  pass table=still fresh store emit ternary
  ; e takes in the first step of b
  set parameters address=16
  set state address=16
  set origin-pointer address=6
  set weight-base row=40
  set fire mask=0 max=0
  pass table=still fresh store signed
  set source-size width=2 height=1
  set kernel width=2 rows=1
  set parameters address=0
  set state address=8
  set origin-pointer address=2
  set weight-base row=8
  set fire mask=1 max=3
  pass table=still store emit ternary
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set parameters address=16
  set state address=16
  set origin-pointer address=6
  set weight-base row=40
  set fire mask=0 max=0
  pass table=still store signed
  count counter=1 value=20
again:
  mark
  set parameters address=0
  set state address=8
  set kernel width=0 rows=0
  set fire mask=1 max=3
  pass table=still store emit ternary
  set parameters address=16
  set state address=16
  set kernel width=1 rows=1
  set fire mask=0 max=0
  pass table=still store signed
  quiet silent
  loop counter=1 again
silent:

  ; c: window of 2 x 2 around each of 2 columns of a (seen as 2 x 1 pixels), upper row outside; members in y, largest
  set source-size width=2 height=1
  set kernel width=2 rows=2
  set origin x=-1 y=-1
  set origin-pointer address=0
  set weight-base row=28
  set row-step row=0
  set grid columns=2 rows=1
  set window columns=1 rows=2 groups=1
  set lanes visit=4 last=4 position=4
  set parameters address=8
  set fire mask=7 max=0
  set list address=24
  set pointer address=8
  set channels count=4
  pass table=slide fresh emit merge=max

  ; d: the two pixels of c side by side in the lanes, added up
  set kernel width=2 rows=1
  set origin x=0 y=0
  set origin-pointer address=8
  set weight-base row=32
  set grid columns=1 rows=1
  set window columns=1 rows=1 groups=1
  set lanes visit=8 last=8 position=4
  set fire mask=15 max=0
  set list address=32
  set pointer address=12
  pass table=still fresh emit merge=sum

  ; e: c, then d, then decide
  set lanes visit=8 last=8 position=8
  set parameters address=16
  set weight-base row=48
  set fire mask=0 max=0
  pass table=still store
  set source-size width=1 height=1
  set kernel width=1 rows=1
  set origin-pointer address=12
  set weight-base row=56
  pass table=still store argmax
  done
  jump sample

still:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row
; the second member starts one row lower, the second column one pixel to the right
slide:
  .step window-column
  .step window-row y=1 pointer=2 weight=-8
  .step group
  .step column x=1 y=-1 pointer=-2 weight=4
  .step row

; a, b
.parameter threshold=7 initial=3
.parameter threshold=5 initial=-4
.parameter threshold=9 initial=2
.parameter threshold=3 initial=0
.parameter threshold=11 initial=20
.parameter threshold=6 initial=-1
.parameter threshold=4 initial=7
.parameter threshold=13 initial=-20
; c, d (and four words of no use)
.parameter threshold=3 initial=1
.parameter threshold=2 initial=0
.parameter threshold=5 initial=2
.parameter threshold=4 initial=-3
.parameter threshold=1 initial=0
.parameter threshold=1 initial=0
.parameter threshold=1 initial=0
.parameter threshold=1 initial=0
; e
.parameter threshold=1 initial=-9
.parameter threshold=1 initial=4
.parameter threshold=1 initial=0
.parameter threshold=1 initial=-2
.parameter threshold=1 initial=11
.parameter threshold=1 initial=203
.parameter threshold=1 initial=-5
.parameter threshold=1 initial=6

; a: row is the input
.row 2 -4 4 -7 -6 -5 3 -7
.row -2 -7 -6 5 5 -6 -1 -6
.row 5 -7 -5 -1 -7 4 -7 -1
.row -7 -4 1 5 -4 -5 1 -3
.row -5 -2 3 -5 -6 -7 -2 7
.row 5 2 6 6 3 1 -1 -3
.row -1 -6 1 7 2 6 1 -6
.row -5 5 -3 2 -4 7 5 -7
; b: row is the value of a
.row -6 2 2 3 7 6 -6 -6
.row 0 7 -6 -7 1 6 1 4
.row 3 -8 6 3 -3 -5 7 -7
.row -2 1 -4 -1 4 4 7 -6
.row -3 6 4 0 -4 5 0 5
.row 3 4 -1 -4 -6 -3 -4 -1
.row -1 -8 7 -3 0 1 -8 -4
.row 5 3 2 -4 -7 6 4 4
; c: row is row, column and channel of the window
.row 4 4 -5 7
.row 4 -7 -2 -6
.row -2 6 -3 -5
.row 2 -7 -5 -8
.row -4 -5 3 -8
.row -6 -2 4 -4
.row 0 3 3 7
.row -5 -5 7 6
.row 7 7 1 -6
.row -4 -5 2 0
.row 7 -3 -8 -2
.row 3 -4 -8 1
.row -6 0 3 -3
.row 3 -1 2 -1
.row -2 -1 4 -1
.row -2 7 3 -8
; d: row is the value of c
.row -8 0 7 0 -2 3 6 3
.row 3 -6 -1 -5 -1 7 -2 2
.row -2 7 -8 7 3 -6 -5 4
.row -2 7 -3 5 2 -6 4 6
.row 4 -6 -3 -3 -4 -8 -4 6
.row -4 7 3 -4 -4 -8 -8 -5
.row -4 5 -2 -2 -8 0 -2 1
.row -1 2 0 5 -4 -7 3 6
; e: row is the value of b
.row 5 -4 -4 -8 6 -3 -8 -4
.row -3 -4 7 -5 -7 2 7 -5
.row -7 -1 -2 0 -7 -5 6 -8
.row -6 6 2 -2 0 6 7 -1
.row 0 -2 6 -4 5 -5 4 6
.row 2 -6 -1 5 -6 -2 1 -5
.row -4 3 -4 0 -4 6 -1 -5
.row 4 7 -3 -1 -3 5 4 2
; e: row is the value of c
.row 5 -2 3 2 -6 3 -8 2
.row 6 6 -8 4 2 1 -6 -5
.row -1 -5 -6 0 0 -7 -3 0
.row -4 5 0 4 -4 7 2 -6
.row 0 -7 -3 5 -6 0 -8 -6
.row 0 -6 -1 -6 0 -5 6 -8
.row 2 5 0 -4 -7 -1 -5 -3
.row 0 -7 -3 -2 1 1 -2 1
; e: row is the value of d
.row 6 -3 0 3 -8 0 -7 -8
.row -8 -2 7 -1 6 -5 5 7
.row 4 1 -2 -1 2 -2 -4 4
.row 3 -7 -4 -8 -6 0 5 -3
.row -7 -6 4 1 -1 1 -7 6
.row -3 -3 0 6 -8 0 3 2
.row 2 -1 -7 1 -2 3 -3 -8
.row 2 4 -6 7 0 -2 -1 -8
