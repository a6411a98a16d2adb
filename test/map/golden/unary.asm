.program "golden"
.core "up5k-w4" lanes=16 weightBits=4 accumulatorBits=16 membraneBits=20 thresholdBits=6 quotientBits=1 indexBits=6 weightDepth=104 listDepth=64 pointerDepth=65 parameterDepth=29 stateDepth=164 programDepth=105 dynamics=0 learning=0 scatter=0
.input "image" shape=8x8x1 max=15
.readout "digit" shape=1x1x5 state=0
.population "conv" spiking shape=6x6x4
.population "pool" pool shape=3x3x4
.population "hidden" spiking shape=1x1x20
.population "digit" spiking shape=1x1x5
.worst-case cycles=1558

at0:
  set list address=0 ; 0
  set pointer address=0 ; 1
  set channels count=1 ; 2
  set index value=0 ; 3
  set grid columns=3 rows=3 ; 4
  set window columns=1 rows=2 groups=1 ; 5
  set lanes visit=8 last=8 position=4 ; 6
  set parameters address=0 ; 7
  set fire mask=0 max=0 ; 8
  set state address=0 ; 9
  set source-size width=8 height=8 ; 10
  set kernel width=4 rows=3 ; 11
  set origin x=0 y=0 ; 12
  set origin-pointer address=0 ; 13
  set weight-base row=0 ; 14
  set row-step row=-4 ; 15
  input count=64 ; 16
.note neurons="conv" columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="integrate image"
  pass table=table75 fresh store ; 17
  set grid columns=1 rows=1 ; 18
  set window columns=1 rows=1 groups=2 ; 19
  set lanes visit=16 last=4 position=16 ; 20
  set parameters address=4 ; 21
  set state address=144 ; 22
  set kernel width=0 rows=0 ; 23
.note neurons="hidden" columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="begin"
  pass table=table85 fresh store ; 24
  count counter=0 value=3 ; 25
at26:
  set grid columns=3 rows=3 ; 26
  set window columns=1 rows=2 groups=1 ; 27
  set lanes visit=8 last=8 position=4 ; 28
  set parameters address=0 ; 29
  set fire mask=1 max=0 ; 30
  set state address=0 ; 31
  set kernel width=0 rows=0 ; 32
  set channels count=36 ; 33
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="spike"
  pass table=table85 store emit merge=max ; 34
  set grid columns=1 rows=1 ; 35
  set window columns=1 rows=1 groups=2 ; 36
  set lanes visit=16 last=4 position=16 ; 37
  set parameters address=4 ; 38
  set fire mask=0 max=0 ; 39
  set state address=144 ; 40
  set source-size width=1 height=1 ; 41
  set kernel width=1 rows=1 ; 42
  set weight-base row=12 ; 43
  set row-step row=0 ; 44
.note neurons="hidden" columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="integrate pool"
  pass table=table95 store ; 45
  loop counter=0 at26 ; 46
  set window columns=1 rows=1 groups=1 ; 47
  set lanes visit=5 last=5 position=5 ; 48
  set parameters address=24 ; 49
  set state address=0 ; 50
  set kernel width=0 rows=0 ; 51
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="begin"
  pass table=table85 fresh store ; 52
  count counter=0 value=3 ; 53
at54:
  set window columns=1 rows=1 groups=2 ; 54
  set lanes visit=16 last=4 position=16 ; 55
  set parameters address=4 ; 56
  set fire mask=1 max=0 ; 57
  set state address=144 ; 58
  set kernel width=0 rows=0 ; 59
  set channels count=20 ; 60
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="spike"
  pass table=table85 store emit ; 61
  set window columns=1 rows=1 groups=1 ; 62
  set lanes visit=5 last=5 position=5 ; 63
  set parameters address=24 ; 64
  set fire mask=0 max=0 ; 65
  set state address=0 ; 66
  set kernel width=1 rows=1 ; 67
  set weight-base row=84 ; 68
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table85 store ; 69
  loop counter=0 at54 ; 70
  set kernel width=0 rows=0 ; 71
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="decide"
  pass table=table85 store argmax ; 72
  done ; 73
  jump at0 ; 74
table75:
  .step window-column
  .step window-row y=1 weight=-8 pointer=8
  .step group
  .step column x=2 y=-1 weight=6 pointer=-8
  .step row x=-4 y=1 weight=-4 pointer=8
table85:
  .step window-column
  .step window-row
  .step group
  .step column
  .step row
table95:
  .step window-column
  .step window-row
  .step group weight=36
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
