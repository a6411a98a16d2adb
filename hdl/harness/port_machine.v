// port_machine: the twin of port_machine.h for Icarus, which says what each operation does.
//
// Batches come in on standard input and answers go out on standard output, each as a count of words and the words, least
// significant byte first. Before each count of an answer comes a mark, because the design may print too. `ports.vh`, which is generated, holds the design and access to its ports by index.

module port_machine;

  localparam [31:0] STDIN = 32'h8000_0000;
  localparam [31:0] STDOUT = 32'h8000_0001;
  localparam [31:0] NONE = 32'hffff_ffff;

  reg clock = 0;

`include "ports.vh"

  int answers[$];
  int events[$];
  int received[$];
  int monitors[$];   // for each monitor: valid, count, ports
  longint cycles = 0;

  // far end of the design's serial port
  int divider = 0;
  int serial_rx = 0;
  int serial_tx = 0;
  int serial_count = 0;
  int serial_bit = 0;
  reg [7:0] serial_shift = 0;

  reg [31:0] left;    // words of the batch that are still to come
  reg ended = 0;      // the input has ended
  reg [31:0] operation;

  function automatic [31:0] raw_word();
    reg [31:0] word;
    int got;
    got = $fread(word, STDIN);
    ended = got != 4;
    raw_word = ended ? 32'd0 : {word[7:0], word[15:8], word[23:16], word[31:24]};
  endfunction

  function automatic [31:0] next();
    left = left - 1;
    next = raw_word();
  endfunction

  function automatic longint next64();
    reg [31:0] low;
    low = next();
    next64 = {next(), low};
  endfunction

  // two-state copy of a port, unknown bits as 0
  function automatic int value_of(input [31:0] port, input [31:0] word);
    value_of = get_port(port, word);
  endfunction

  task answer_port(input [31:0] port);
    for (int w = 0; w < port_words(port); w++) answers.push_back(value_of(port, w));
  endtask

  task answer64(input longint value);
    answers.push_back(value[31:0]);
    answers.push_back(value[63:32]);
  endtask

  task load(input [31:0] port);
    for (int w = 0; w < port_words(port); w++) set_port(port, w, next());
  endtask

  // outputs settle while the clock is low
  task settle;
    clock = 0;
    #1;
  endtask

  task record(input int m, input int n);
    events.push_back(cycles[31:0]);
    events.push_back(n);
    for (int p = 0; p < monitors[m + 1]; p++)
      for (int w = 0; w < port_words(monitors[m + 2 + p]); w++)
        events.push_back(value_of(monitors[m + 2 + p], w));
  endtask

  task cycle;
    int m, n;
    settle;
    m = 0;
    for (n = 0; m < monitors.size(); n++) begin
      if (value_of(monitors[m], 0) != 0) record(m, n);
      m = m + 2 + monitors[m + 1];
    end
    if (divider != 0) sample(value_of(serial_tx, 0));
    clock = 1;
    #1;
    cycles = cycles + 1;
  endtask

  task sample(input level);
    if (serial_bit == 0) begin
      if (level == 0) begin
        serial_bit = 1;
        serial_count = divider + divider / 2;
      end
    end else begin
      serial_count = serial_count - 1;
      if (serial_count == 0) begin
        serial_count = divider;
        if (serial_bit <= 8) serial_shift = {level, serial_shift[7:1]};
        else if (level) received.push_back({24'd0, serial_shift});
        serial_bit = serial_bit == 9 ? 0 : serial_bit + 1;
      end
    end
  endtask

  task until_value;
    reg [31:0] port, value;
    longint limit, stepped;
    port = next();
    value = next();
    limit = next64();
    stepped = 0;
    settle;
    while (value_of(port, 0) != value && stepped < limit) begin
      cycle;
      settle;
      stepped = stepped + 1;
    end
    answers.push_back({31'd0, value_of(port, 0) == value});
    answer64(stepped);
  endtask

  int ports[$];
  int results[$];

  task read_ports;
    int count;
    ports.delete();
    count = next();
    for (int i = 0; i < count; i++) ports.push_back(next());
  endtask

  task read_results;
    int count;
    results.delete();
    count = next();
    for (int i = 0; i < count; i++) results.push_back(next());
  endtask

  task skip_rows(input int rows);
    int words;
    words = 0;
    for (int i = 0; i < ports.size(); i++) words = words + port_words(ports[i]);
    for (int i = 0; i < rows * words; i++) operation = next();
  endtask

  task feed;
    reg [31:0] valid, ready;
    longint limit, waited;
    int rows, taken;
    reg accepts;
    valid = next();
    ready = next();
    limit = next64();
    read_ports;
    rows = next();
    if (valid != NONE) set_port(valid, 0, 1);
    accepts = 1;
    taken = 0;
    while (taken < rows && accepts) begin
      for (int i = 0; i < ports.size(); i++) load(ports[i]);
      accepts = 0;
      waited = 0;
      while (waited < limit && !accepts) begin
        settle;
        accepts = ready == NONE || value_of(ready, 0) != 0;
        cycle;
        waited = waited + 1;
      end
      if (accepts) taken = taken + 1;
    end
    if (!accepts) skip_rows(rows - taken - 1);
    if (valid != NONE) set_port(valid, 0, 0);
    answers.push_back(taken);
  endtask

  task ask;
    reg [31:0] valid, ready, answered;
    longint limit, waited;
    int rows, row, count;
    reg taken, accepts, done;
    valid = next();
    ready = next();
    answered = next();
    limit = next64();
    read_ports;
    read_results;
    rows = next();
    count = answers.size();
    answers.push_back(0);
    done = 1;
    row = 0;
    while (row < rows && done) begin
      for (int i = 0; i < ports.size(); i++) load(ports[i]);
      taken = 0;
      done = 0;
      if (valid != NONE) set_port(valid, 0, 1);
      waited = 0;
      while (waited < limit && !done) begin
        settle;
        accepts = !taken && (ready == NONE || value_of(ready, 0) != 0);
        done = (taken || accepts) && value_of(answered, 0) != 0;
        if (done) for (int r = 0; r < results.size(); r++) answer_port(results[r]);
        cycle;
        if (accepts) begin
          taken = 1;
          if (valid != NONE) set_port(valid, 0, 0);
        end
        waited = waited + 1;
      end
      if (done) begin
        answers[count] = answers[count] + 1;
        row = row + 1;
      end
    end
    if (!done) skip_rows(rows - row - 1);
    if (valid != NONE) set_port(valid, 0, 0);
  endtask

  task add_monitor;
    monitors.push_back(next());
    read_ports;
    monitors.push_back(ports.size());
    for (int i = 0; i < ports.size(); i++) monitors.push_back(ports[i]);
  endtask

  task answer_events;
    answers.push_back(events.size());
    for (int i = 0; i < events.size(); i++) answers.push_back(events[i]);
    events.delete();
  endtask

  task send;
    int count;
    reg [9:0] frame;
    count = next();
    for (int i = 0; i < count; i++) begin
      frame = {1'b1, 8'd0, 1'b0} | (next() << 1);
      for (int b = 0; b < 10; b++) begin
        set_port(serial_rx, 0, frame[b]);
        for (int c = 0; c < divider; c++) cycle;
      end
    end
  endtask

  task receive;
    int count, got;
    longint limit, waited;
    count = next();
    limit = next64();
    waited = 0;
    while (waited < limit && received.size() < count) begin
      cycle;
      waited = waited + 1;
    end
    got = received.size() < count ? received.size() : count;
    answers.push_back(got);
    for (int i = 0; i < got; i++) answers.push_back(received.pop_front());
  endtask

  task step_cycles;
    longint count;
    count = next64();
    while (count > 0) begin
      cycle;
      count = count - 1;
    end
  endtask

  task write_answers;
    $fwrite(STDOUT, "%u", 32'ha500_5a81);
    $fwrite(STDOUT, "%u", 32'h815a_00a5);
    $fwrite(STDOUT, "%u", answers.size());
    for (int i = 0; i < answers.size(); i++) $fwrite(STDOUT, "%u", answers[i]);
    $fflush(STDOUT);
    answers.delete();
  endtask

  initial begin
    while (!ended) begin
      left = raw_word();
      while (left != 0 && !ended) begin
        operation = next();
        case (operation)
          0: load(next());
          1: begin settle; answer_port(next()); end
          2: step_cycles;
          3: until_value;
          4: feed;
          5: ask;
          6: add_monitor;
          7: answer_events;
          8: answer64(cycles);
          9: begin divider = next(); serial_rx = next(); serial_tx = next(); end
          10: send;
          11: receive;
          default: $finish(1);
        endcase
      end
      if (!ended) write_answers;
    end
    $finish(0);
  end

endmodule
