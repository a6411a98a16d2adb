.program "golden"
.core "up5k-w4" lanes=16 weightBits=4 accumulatorBits=16 membraneBits=20 thresholdBits=6 quotientBits=1 indexBits=6 weightDepth=104 listDepth=100 pointerDepth=67 parameterDepth=29 stateDepth=169 programDepth=110 dynamics=0 learning=0 scatter=0
.input "image" shape=8x8x1 max=15
.readout "digit" shape=1x1x5 state=164
.population "conv" spiking shape=6x6x4
.population "pool" pool shape=3x3x4
.population "hidden" spiking shape=1x1x20
.population "digit" spiking shape=1x1x5
.worst-case cycles=2190

at0:
  set list address=0 ; 0
  set pointer address=0 ; 1
  set channels count=1 ; 2
  set index value=0 ; 3
  set grid columns=3 rows=3 ; 4
  set window columns=1 rows=2 groups=1 ; 5
  set lanes visit=8 last=8 position=4 ; 6
  set parameters address=0 ; 7
  set fire mask=1 max=3 ; 8
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
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="step"
  pass table=table80 fresh store emit merge=max ternary ; 20
  set grid columns=1 rows=1 ; 21
  set window columns=1 rows=1 groups=2 ; 22
  set lanes visit=16 last=4 position=16 ; 23
  set parameters address=4 ; 24
  set state address=144 ; 25
  set source-size width=1 height=1 ; 26
  set kernel width=1 rows=1 ; 27
  set origin-pointer address=65 ; 28
  set weight-base row=12 ; 29
  set row-step row=0 ; 30
  set list address=0 ; 31
  set pointer address=0 ; 32
  set channels count=20 ; 33
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="step"
  pass table=table90 fresh store emit signed ternary ; 34
  set window columns=1 rows=1 groups=1 ; 35
  set lanes visit=5 last=5 position=5 ; 36
  set parameters address=24 ; 37
  set fire mask=0 max=0 ; 38
  set state address=164 ; 39
  set origin-pointer address=0 ; 40
  set weight-base row=84 ; 41
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table100 fresh store signed ; 42
  count counter=0 value=5 ; 43
at44:
  set grid columns=3 rows=3 ; 44
  set window columns=1 rows=2 groups=1 ; 45
  set lanes visit=8 last=8 position=4 ; 46
  set parameters address=0 ; 47
  set fire mask=1 max=3 ; 48
  set state address=0 ; 49
  set kernel width=0 rows=0 ; 50
  set list address=0 ; 51
  set pointer address=0 ; 52
  set channels count=36 ; 53
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="step"
  pass table=table100 store emit merge=max ternary ; 54
  set grid columns=1 rows=1 ; 55
  set window columns=1 rows=1 groups=2 ; 56
  set lanes visit=16 last=4 position=16 ; 57
  set parameters address=4 ; 58
  set state address=144 ; 59
  set kernel width=1 rows=1 ; 60
  set origin-pointer address=0 ; 61
  set weight-base row=12 ; 62
  set list address=36 ; 63
  set pointer address=2 ; 64
  set channels count=20 ; 65
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="step"
  pass table=table90 store emit signed ternary ; 66
  set window columns=1 rows=1 groups=1 ; 67
  set lanes visit=5 last=5 position=5 ; 68
  set parameters address=24 ; 69
  set fire mask=0 max=0 ; 70
  set state address=164 ; 71
  set origin-pointer address=2 ; 72
  set weight-base row=84 ; 73
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table100 store signed ; 74
  loop counter=0 at44 ; 75
  set kernel width=0 rows=0 ; 76
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="decide"
  pass table=table100 store argmax ; 77
  done ; 78
  jump at0 ; 79
table80:
  .step window-column
  .step window-row y=1 weight=-8 pointer=8
  .step group
  .step column x=2 y=-1 weight=6 pointer=-8
  .step row x=-4 y=1 weight=-4 pointer=8
table90:
  .step window-column
  .step window-row
  .step group weight=36
  .step column
  .step row
table100:
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
