.program "golden"
.core "up5k-w4" lanes=16 weightBits=4 accumulatorBits=16 membraneBits=20 thresholdBits=6 quotientBits=2 indexBits=6 weightDepth=104 listDepth=100 pointerDepth=67 parameterDepth=29 stateDepth=164 programDepth=112 dynamics=0 learning=0 scatter=0
.input "image" shape=8x8x1 max=15
.readout "digit" shape=1x1x5 state=0
.population "conv" spiking shape=6x6x4
.population "pool" pool shape=3x3x4
.population "hidden" spiking shape=1x1x20
.population "digit" spiking shape=1x1x5
.worst-case cycles=827

at0:
  set list address=0 ; 0
  set pointer address=0 ; 1
  set channels count=1 ; 2
  set index value=0 ; 3
  set grid columns=3 rows=3 ; 4
  set window columns=1 rows=2 groups=1 ; 5
  set lanes visit=8 last=8 position=4 ; 6
  set parameters address=0 ; 7
  set fire mask=2 max=0 ; 8
  set state address=0 ; 9
  set source-size width=8 height=8 ; 10
  set kernel width=4 rows=3 ; 11
  set origin x=0 y=0 ; 12
  set origin-pointer address=0 ; 13
  set weight-base row=0 ; 14
  set row-step row=-4 ; 15
  input count=64 ; 16
  set list address=64 ; 17
  set pointer address=65 ; 18
  set channels count=36 ; 19
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="plane 1"
  pass table=table82 fresh store emit merge=max ; 20
  set grid columns=1 rows=1 ; 21
  set window columns=1 rows=1 groups=2 ; 22
  set lanes visit=16 last=4 position=16 ; 23
  set parameters address=4 ; 24
  set fire mask=0 max=0 ; 25
  set state address=144 ; 26
  set source-size width=1 height=1 ; 27
  set kernel width=1 rows=1 ; 28
  set origin-pointer address=65 ; 29
  set weight-base row=12 ; 30
  set row-step row=0 ; 31
.note neurons="hidden" columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="integrate pool"
  pass table=table92 fresh store ; 32
  set grid columns=3 rows=3 ; 33
  set window columns=1 rows=2 groups=1 ; 34
  set lanes visit=8 last=8 position=4 ; 35
  set parameters address=0 ; 36
  set fire mask=1 max=0 ; 37
  set state address=0 ; 38
  set kernel width=0 rows=0 ; 39
  set list address=0 ; 40
  set pointer address=0 ; 41
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="plane 0"
  pass table=table102 emit merge=max ; 42
  set grid columns=1 rows=1 ; 43
  set window columns=1 rows=1 groups=2 ; 44
  set lanes visit=16 last=4 position=16 ; 45
  set parameters address=4 ; 46
  set fire mask=2 max=0 ; 47
  set state address=144 ; 48
  set kernel width=1 rows=1 ; 49
  set origin-pointer address=0 ; 50
  set list address=36 ; 51
  set pointer address=2 ; 52
  set channels count=20 ; 53
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="plane 1"
  pass table=table92 store emit ; 54
  set window columns=1 rows=1 groups=1 ; 55
  set lanes visit=5 last=5 position=5 ; 56
  set parameters address=24 ; 57
  set fire mask=0 max=0 ; 58
  set state address=0 ; 59
  set origin-pointer address=2 ; 60
  set weight-base row=84 ; 61
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table102 fresh store ; 62
  set window columns=1 rows=1 groups=2 ; 63
  set lanes visit=16 last=4 position=16 ; 64
  set parameters address=4 ; 65
  set fire mask=1 max=0 ; 66
  set state address=144 ; 67
  set kernel width=0 rows=0 ; 68
  set list address=0 ; 69
  set pointer address=0 ; 70
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="plane 0"
  pass table=table102 emit ; 71
  set window columns=1 rows=1 groups=1 ; 72
  set lanes visit=5 last=5 position=5 ; 73
  set parameters address=24 ; 74
  set fire mask=0 max=0 ; 75
  set state address=0 ; 76
  set kernel width=1 rows=1 ; 77
  set origin-pointer address=0 ; 78
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table102 store argmax ; 79
  done ; 80
  jump at0 ; 81
table82:
  .step window-column
  .step window-row y=1 weight=-8 pointer=8
  .step group
  .step column x=2 y=-1 weight=6 pointer=-8
  .step row x=-4 y=1 weight=-4 pointer=8
table92:
  .step window-column
  .step window-row
  .step group weight=36
  .step column
  .step row
table102:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row

.parameter threshold=40 initial=20 ; 0
.parameter threshold=41 initial=20 ; 1
.parameter threshold=42 initial=21 ; 2
.parameter threshold=43 initial=21 ; 3
.parameter threshold=40 initial=20 ; 4
.parameter threshold=41 initial=20 ; 5
.parameter threshold=42 initial=21 ; 6
.parameter threshold=43 initial=21 ; 7
.parameter threshold=44 initial=22 ; 8
.parameter threshold=45 initial=22 ; 9
.parameter threshold=46 initial=23 ; 10
.parameter threshold=40 initial=20 ; 11
.parameter threshold=41 initial=20 ; 12
.parameter threshold=42 initial=21 ; 13
.parameter threshold=43 initial=21 ; 14
.parameter threshold=44 initial=22 ; 15
.parameter threshold=45 initial=22 ; 16
.parameter threshold=46 initial=23 ; 17
.parameter threshold=40 initial=20 ; 18
.parameter threshold=41 initial=20 ; 19
.parameter threshold=42 initial=21 ; 20
.parameter threshold=43 initial=21 ; 21
.parameter threshold=44 initial=22 ; 22
.parameter threshold=45 initial=22 ; 23
.parameter threshold=1 initial=0 ; 24
.parameter threshold=1 initial=0 ; 25
.parameter threshold=1 initial=0 ; 26
.parameter threshold=1 initial=0 ; 27
.parameter threshold=1 initial=0 ; 28

; 104 rows of weights
