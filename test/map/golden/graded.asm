.program "golden"
.core "up5k-w4" lanes=16 weightBits=4 accumulatorBits=16 membraneBits=20 thresholdBits=6 quotientBits=2 indexBits=6 weightDepth=104 listDepth=100 pointerDepth=67 parameterDepth=29 stateDepth=5 programDepth=73 dynamics=0 learning=0 scatter=0
.input "image" shape=8x8x1 max=15
.readout "digit" shape=1x1x5 state=0
.population "conv" spiking shape=6x6x4
.population "pool" pool shape=3x3x4
.population "hidden" spiking shape=1x1x20
.population "digit" spiking shape=1x1x5
.worst-case cycles=435

at0:
  set list address=0 ; 0
  set pointer address=0 ; 1
  set channels count=1 ; 2
  set index value=0 ; 3
  set grid columns=3 rows=3 ; 4
  set window columns=1 rows=2 groups=1 ; 5
  set lanes visit=8 last=8 position=4 ; 6
  set parameters address=0 ; 7
  set fire mask=3 max=0 ; 8
  set source-size width=8 height=8 ; 9
  set kernel width=4 rows=3 ; 10
  set origin x=0 y=0 ; 11
  set origin-pointer address=0 ; 12
  set weight-base row=0 ; 13
  set row-step row=-4 ; 14
  input count=64 ; 15
  set list address=64 ; 16
  set pointer address=65 ; 17
  set channels count=36 ; 18
.note neurons="conv" candidates="pool" first=0 columns=3 rows=3 windowColumns=1 windowRows=2 groups=1 lanes=8 lastLanes=8 positionLanes=4 meaning="graded"
  pass table=table43 fresh emit merge=max ; 19
  set grid columns=1 rows=1 ; 20
  set window columns=1 rows=1 groups=2 ; 21
  set lanes visit=16 last=4 position=16 ; 22
  set parameters address=4 ; 23
  set source-size width=1 height=1 ; 24
  set kernel width=1 rows=1 ; 25
  set origin-pointer address=65 ; 26
  set weight-base row=12 ; 27
  set row-step row=0 ; 28
  set list address=0 ; 29
  set pointer address=0 ; 30
  set channels count=20 ; 31
.note neurons="hidden" candidates="hidden" first=0 columns=1 rows=1 windowColumns=1 windowRows=1 groups=2 lanes=16 lastLanes=4 positionLanes=16 meaning="graded"
  pass table=table53 fresh emit ; 32
  set window columns=1 rows=1 groups=1 ; 33
  set lanes visit=5 last=5 position=5 ; 34
  set parameters address=24 ; 35
  set fire mask=0 max=0 ; 36
  set state address=0 ; 37
  set origin-pointer address=0 ; 38
  set weight-base row=84 ; 39
.note neurons="digit" columns=1 rows=1 windowColumns=1 windowRows=1 groups=1 lanes=5 lastLanes=5 positionLanes=5 meaning="integrate hidden"
  pass table=table63 fresh store argmax ; 40
  done ; 41
  jump at0 ; 42
table43:
  .step window-column
  .step window-row y=1 weight=-8 pointer=8
  .step group
  .step column x=2 y=-1 weight=6 pointer=-8
  .step row x=-4 y=1 weight=-4 pointer=8
table53:
  .step window-column
  .step window-row
  .step group weight=36
  .step column
  .step row
table63:
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

.row -4 -5 -7 0 0 0 0 0 0 0 0 0 0 0 0 0 ; 0
.row 5 -4 -7 2 -4 -5 -7 0 0 0 0 0 0 0 0 0 ; 1
.row -4 3 7 -3 5 -4 -7 2 0 0 0 0 0 0 0 0 ; 2
.row 0 0 0 0 -4 3 7 -3 0 0 0 0 0 0 0 0 ; 3
.row -2 -1 -5 -3 0 0 0 0 0 0 0 0 0 0 0 0 ; 4
.row -6 -8 -2 3 -2 -1 -5 -3 0 0 0 0 0 0 0 0 ; 5
.row -5 -2 1 2 -6 -8 -2 3 0 0 0 0 0 0 0 0 ; 6
.row 0 0 0 0 -5 -2 1 2 0 0 0 0 0 0 0 0 ; 7
.row -1 4 -8 4 0 0 0 0 0 0 0 0 0 0 0 0 ; 8
.row 6 -6 -6 -4 -1 4 -8 4 0 0 0 0 0 0 0 0 ; 9
.row -3 -6 -1 -7 6 -6 -6 -4 0 0 0 0 0 0 0 0 ; 10
.row 0 0 0 0 -3 -6 -1 -7 0 0 0 0 0 0 0 0 ; 11
.row -5 7 2 -7 -2 -5 4 -3 1 -8 7 -3 -7 -6 0 -4 ; 12
.row 3 6 1 6 0 2 0 1 -3 -8 -3 -4 5 5 0 1 ; 13
.row -8 -8 -4 -3 5 3 -8 -4 7 6 -7 -1 5 2 4 -7 ; 14
.row 5 -5 -2 0 5 0 -6 -4 -2 -3 5 -7 -1 2 -6 5 ; 15
.row -6 3 -5 -7 -2 -6 6 -3 7 -3 -7 -6 -3 -2 0 -7 ; 16
.row 2 -8 0 -1 -5 -4 -5 -3 -1 -8 -4 -8 -6 6 -7 -2 ; 17
.row 3 -2 -3 -2 -3 1 -3 -6 5 -1 0 0 -7 7 3 0 ; 18
.row 3 5 -3 -3 -4 0 5 -7 -1 -1 7 1 5 -4 6 -7 ; 19
.row 6 5 1 -3 7 7 4 7 2 -8 6 4 4 -6 -6 4 ; 20
.row 5 0 -6 2 6 -7 -6 1 -3 -6 3 -2 -3 2 -6 7 ; 21
.row 0 1 2 -6 0 4 -3 -3 -8 7 -1 -8 7 -6 -1 -4 ; 22
.row -3 -8 -5 -2 5 -1 -4 -8 4 0 -8 -5 6 -8 6 -3 ; 23
.row 5 -2 -3 -5 -7 -3 6 -3 0 5 -2 -1 6 -1 -7 -5 ; 24
.row -6 4 -3 2 -1 4 -8 4 3 -4 -4 6 -3 -5 -2 7 ; 25
.row -7 1 0 -5 2 6 -2 3 2 -8 3 -2 2 -6 4 -4 ; 26
.row 5 -8 0 0 -1 -4 -1 -6 7 -5 1 -3 6 -6 -7 1 ; 27
.row -8 4 3 -6 0 5 6 1 -7 -5 2 6 -1 -2 7 -7 ; 28
.row -6 -1 -8 -5 -4 -3 4 -7 -2 1 0 7 5 2 1 -2 ; 29
.row 3 -6 1 -2 2 7 -7 3 -1 -3 5 3 0 0 6 -2 ; 30
.row -7 -5 -1 5 -6 5 -2 5 -8 -2 4 0 7 3 2 -7 ; 31
.row 2 3 -8 7 -3 -5 -1 -6 -4 7 -3 4 -4 0 -2 2 ; 32
.row -1 2 -3 0 5 1 6 0 2 -7 -6 -5 -4 7 -6 -1 ; 33
.row 6 2 -8 -6 3 6 -4 2 -5 4 3 1 -8 -4 2 -1 ; 34
.row -1 5 4 0 2 -3 6 -7 -7 -6 7 -8 3 -5 -4 7 ; 35
.row -5 -5 1 -6 -5 -5 -6 3 -2 1 -6 0 0 4 5 2 ; 36
.row -2 2 1 -3 -1 3 -5 -2 -2 -3 2 -2 1 2 -4 -4 ; 37
.row 4 5 -8 -4 -2 0 -1 -3 1 4 4 6 6 3 -8 3 ; 38
.row -5 -2 2 -3 5 -8 2 0 -7 7 2 7 5 7 5 2 ; 39
.row 0 -6 1 2 7 -2 -7 -7 0 -6 -8 4 -4 -4 3 -7 ; 40
.row -7 4 -8 0 -8 -5 -3 -1 -3 -8 -7 3 1 -2 -8 5 ; 41
.row 5 -2 -6 2 1 4 -8 2 4 4 2 -2 -8 6 -3 -4 ; 42
.row 7 4 -1 -6 6 -7 6 -4 3 7 -4 -7 4 5 -1 7 ; 43
.row 5 -4 2 -6 0 -7 -7 7 7 2 -5 -6 3 5 4 -3 ; 44
.row 6 -3 -1 -8 0 -1 -5 -8 -8 4 3 4 5 1 -7 1 ; 45
.row 1 -3 3 -5 -7 -1 -6 0 -7 -5 6 6 1 -5 1 2 ; 46
.row -1 -4 0 5 7 5 3 5 -3 -7 3 1 -7 1 7 -1 ; 47
.row 3 -7 2 -5 0 0 0 0 0 0 0 0 0 0 0 0 ; 48
.row 1 -1 3 4 0 0 0 0 0 0 0 0 0 0 0 0 ; 49
.row 4 -3 -4 -4 0 0 0 0 0 0 0 0 0 0 0 0 ; 50
.row 3 7 -4 -1 0 0 0 0 0 0 0 0 0 0 0 0 ; 51
.row -3 7 -2 -7 0 0 0 0 0 0 0 0 0 0 0 0 ; 52
.row 4 6 6 -3 0 0 0 0 0 0 0 0 0 0 0 0 ; 53
.row -1 -7 -7 2 0 0 0 0 0 0 0 0 0 0 0 0 ; 54
.row -3 -2 7 -4 0 0 0 0 0 0 0 0 0 0 0 0 ; 55
.row -2 -2 2 3 0 0 0 0 0 0 0 0 0 0 0 0 ; 56
.row 4 1 1 4 0 0 0 0 0 0 0 0 0 0 0 0 ; 57
.row 4 0 -3 -5 0 0 0 0 0 0 0 0 0 0 0 0 ; 58
.row -1 -1 5 0 0 0 0 0 0 0 0 0 0 0 0 0 ; 59
.row -6 3 -1 -2 0 0 0 0 0 0 0 0 0 0 0 0 ; 60
.row 7 -6 -4 -7 0 0 0 0 0 0 0 0 0 0 0 0 ; 61
.row -8 7 6 2 0 0 0 0 0 0 0 0 0 0 0 0 ; 62
.row -6 -3 5 3 0 0 0 0 0 0 0 0 0 0 0 0 ; 63
.row 0 3 3 -1 0 0 0 0 0 0 0 0 0 0 0 0 ; 64
.row 4 6 0 -5 0 0 0 0 0 0 0 0 0 0 0 0 ; 65
.row 5 2 6 0 0 0 0 0 0 0 0 0 0 0 0 0 ; 66
.row -1 1 5 4 0 0 0 0 0 0 0 0 0 0 0 0 ; 67
.row -7 4 1 0 0 0 0 0 0 0 0 0 0 0 0 0 ; 68
.row -5 -2 -6 -8 0 0 0 0 0 0 0 0 0 0 0 0 ; 69
.row 6 7 6 7 0 0 0 0 0 0 0 0 0 0 0 0 ; 70
.row 7 -5 -8 4 0 0 0 0 0 0 0 0 0 0 0 0 ; 71
.row -8 0 0 -6 0 0 0 0 0 0 0 0 0 0 0 0 ; 72
.row 2 5 -8 0 0 0 0 0 0 0 0 0 0 0 0 0 ; 73
.row -7 -4 -3 -1 0 0 0 0 0 0 0 0 0 0 0 0 ; 74
.row 4 0 -8 -6 0 0 0 0 0 0 0 0 0 0 0 0 ; 75
.row -1 -5 3 5 0 0 0 0 0 0 0 0 0 0 0 0 ; 76
.row 3 3 3 -4 0 0 0 0 0 0 0 0 0 0 0 0 ; 77
.row 5 -5 4 -7 0 0 0 0 0 0 0 0 0 0 0 0 ; 78
.row -4 2 0 6 0 0 0 0 0 0 0 0 0 0 0 0 ; 79
.row 5 5 1 -3 0 0 0 0 0 0 0 0 0 0 0 0 ; 80
.row -2 -7 -1 5 0 0 0 0 0 0 0 0 0 0 0 0 ; 81
.row 6 -1 -2 -2 0 0 0 0 0 0 0 0 0 0 0 0 ; 82
.row -6 -3 -6 -3 0 0 0 0 0 0 0 0 0 0 0 0 ; 83
.row -8 3 1 2 0 0 0 0 0 0 0 0 0 0 0 0 ; 84
.row -4 4 -4 -4 -5 0 0 0 0 0 0 0 0 0 0 0 ; 85
.row -1 -8 -6 -7 5 0 0 0 0 0 0 0 0 0 0 0 ; 86
.row -3 -4 -5 6 6 0 0 0 0 0 0 0 0 0 0 0 ; 87
.row -4 -3 5 -4 -6 0 0 0 0 0 0 0 0 0 0 0 ; 88
.row 2 -4 4 -7 -2 0 0 0 0 0 0 0 0 0 0 0 ; 89
.row 1 -6 1 -3 -5 0 0 0 0 0 0 0 0 0 0 0 ; 90
.row -8 -3 3 -4 7 0 0 0 0 0 0 0 0 0 0 0 ; 91
.row 4 4 -3 5 -4 0 0 0 0 0 0 0 0 0 0 0 ; 92
.row 7 5 4 0 5 0 0 0 0 0 0 0 0 0 0 0 ; 93
.row 6 3 5 1 -5 0 0 0 0 0 0 0 0 0 0 0 ; 94
.row 2 -2 3 0 7 0 0 0 0 0 0 0 0 0 0 0 ; 95
.row -4 -4 6 5 -5 0 0 0 0 0 0 0 0 0 0 0 ; 96
.row -5 -1 -7 -8 7 0 0 0 0 0 0 0 0 0 0 0 ; 97
.row 1 -8 7 4 -3 0 0 0 0 0 0 0 0 0 0 0 ; 98
.row -2 3 -3 0 5 0 0 0 0 0 0 0 0 0 0 0 ; 99
.row 3 3 -2 6 3 0 0 0 0 0 0 0 0 0 0 0 ; 100
.row 0 7 -5 6 -2 0 0 0 0 0 0 0 0 0 0 0 ; 101
.row 7 2 -1 -7 -8 0 0 0 0 0 0 0 0 0 0 0 ; 102
.row -4 4 -3 -1 -7 0 0 0 0 0 0 0 0 0 0 0 ; 103
