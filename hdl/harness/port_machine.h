// port_machine: runs batches of commands on the ports of a simulated design.
//
// A batch is a list of 32-bit words: an operation, its operands, and so on to the end. Answers are appended to a list of
// words. Ports are named by their index in the table that the generated code supplies; a port of more than 32 bits takes
// as many words as it needs, low word first. The other end is src/sim/rtl/batch.ts; the operations are those of
// src/sim/rtl/operation.ts.
//
// One cycle: the clock falls, inputs take effect, outputs settle and are sampled; the clock rises. So what is sampled is
// what a register that is clocked by the same edge would see.

#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

struct Port {
  void *data;      // value, little endian
  uint32_t bytes;  // size of the storage
  uint32_t bits;

  uint32_t words() const { return (bits + 31) / 32; }

  uint32_t get(uint32_t word) const {
    if (bytes == 1) return *static_cast<const uint8_t *>(data);
    if (bytes == 2) return *static_cast<const uint16_t *>(data);
    uint32_t value;
    std::memcpy(&value, static_cast<const uint8_t *>(data) + 4 * word, 4);
    return value;
  }

  void set(uint32_t word, uint32_t value) {
    const uint32_t left = bits - 32 * word;
    if (left < 32) value &= (1u << left) - 1;
    if (bytes == 1) *static_cast<uint8_t *>(data) = static_cast<uint8_t>(value);
    else if (bytes == 2) *static_cast<uint16_t *>(data) = static_cast<uint16_t>(value);
    else std::memcpy(static_cast<uint8_t *>(data) + 4 * word, &value, 4);
  }
};

// What is recorded in each cycle in which `valid` is not 0: the cycle, the number of the monitor, and the ports.
struct Monitor {
  uint32_t valid;
  std::vector<uint32_t> ports;
};

// The far end of the design's serial port: 8 data bits, no parity, one stop bit.
struct Serial {
  uint32_t divider = 0;  // cycles a bit; 0: not connected
  uint32_t rx = 0;       // input port of the design
  uint32_t tx = 0;       // output port of the design
  std::vector<uint8_t> received;
  uint32_t count = 0;  // cycles to the next sample
  uint32_t bit = 0;    // 0: idle; 1..9: data bits and stop bit to come
  uint8_t shift = 0;

  void sample(uint32_t level) {
    if (bit == 0) {
      if (level == 0) {
        bit = 1;
        count = divider + divider / 2;
      }
      return;
    }
    if (--count != 0) return;
    count = divider;
    if (bit <= 8) shift = static_cast<uint8_t>((shift >> 1) | (level << 7));
    else if (level == 1) received.push_back(shift);  // a frame without a stop bit is dropped
    bit = bit == 9 ? 0 : bit + 1;
  }
};

template <typename Design>
class PortMachine {
 public:
  explicit PortMachine(Design &design) : design_(design), ports_(design.ports()) {}

  // Runs the batch and returns the answers, which are valid until the next call.
  const std::vector<uint32_t> &run(const uint32_t *words, size_t size) {
    at_ = words;
    answers_.clear();
    const uint32_t *end = words + size;
    while (at_ < end) execute(next());
    return answers_;
  }

 private:
  enum Operation : uint32_t { SET, GET, STEP, UNTIL, FEED, ASK, MONITOR, EVENTS, CYCLES, SERIAL, SEND, RECEIVE };
  static constexpr uint32_t NONE = 0xffffffffu;

  void execute(uint32_t operation) {
    switch (operation) {
      case SET: { Port &port = ports_[next()]; load(port); break; }
      case GET: { settle(); answer(ports_[next()]); break; }
      case STEP: { const uint64_t cycles = next64(); for (uint64_t i = 0; i < cycles; i++) cycle(); break; }
      case UNTIL: until(); break;
      case FEED: feed(); break;
      case ASK: ask(); break;
      case MONITOR: addMonitor(); break;
      case EVENTS: events(); break;
      case CYCLES: answer64(cycles_); break;
      case SERIAL: { serial_.divider = next(); serial_.rx = next(); serial_.tx = next(); break; }
      case SEND: send(); break;
      case RECEIVE: receive(); break;
    }
  }

  // until port value limit: step until the port has the value. Answers found, cycles stepped (2 words).
  void until() {
    Port &port = ports_[next()];
    const uint32_t value = next();
    const uint64_t limit = next64();
    uint64_t stepped = 0;
    settle();
    while (port.get(0) != value && stepped < limit) {
      cycle();
      settle();
      stepped++;
    }
    answers_.push_back(port.get(0) == value);
    answer64(stepped);
  }

  // feed valid ready limit count ports... rows data...: a stream. Each row is put on the ports with valid high until
  // a cycle in which ready is high. Answers rows taken.
  void feed() {
    const uint32_t valid = next(), ready = next();
    const uint64_t limit = next64();
    const std::vector<uint32_t> ports = list();
    const uint32_t rows = next(), rowWords = wordsOf(ports);
    uint32_t taken = 0;
    const uint32_t *data = at_;
    at_ += static_cast<size_t>(rows) * rowWords;
    if (valid != NONE) put(valid, 1);
    for (; taken < rows; taken++) {
      loadRow(ports, data + static_cast<size_t>(taken) * rowWords);
      if (!cycleWhen(ready, limit)) break;
    }
    if (valid != NONE) put(valid, 0);
    answers_.push_back(taken);
  }

  // ask valid ready answered limit count ports... count results... rows data...: as feed, but each row waits for a cycle
  // in which `answered` is high, the one of acceptance or a later one, and answers the result ports of that cycle.
  // Answers rows answered, then their words.
  void ask() {
    const uint32_t valid = next(), ready = next(), answered = next();
    const uint64_t limit = next64();
    const std::vector<uint32_t> ports = list(), results = list();
    const uint32_t rows = next(), rowWords = wordsOf(ports);
    const uint32_t *data = at_;
    at_ += static_cast<size_t>(rows) * rowWords;
    const size_t count = answers_.size();
    answers_.push_back(0);
    for (uint32_t row = 0; row < rows; row++) {
      loadRow(ports, data + static_cast<size_t>(row) * rowWords);
      if (!askRow(valid, ready, answered, limit, results)) break;
      answers_[count]++;
    }
    if (valid != NONE) put(valid, 0);
  }

  bool askRow(uint32_t valid, uint32_t ready, uint32_t answered, uint64_t limit, const std::vector<uint32_t> &results) {
    bool taken = false;
    if (valid != NONE) put(valid, 1);
    for (uint64_t i = 0; i < limit; i++) {
      settle();
      const bool accepts = !taken && (ready == NONE || ports_[ready].get(0) != 0);
      const bool done = (taken || accepts) && ports_[answered].get(0) != 0;
      if (done) for (uint32_t port : results) answer(ports_[port]);
      cycle();
      if (accepts) {
        taken = true;
        if (valid != NONE) put(valid, 0);
      }
      if (done) return true;
    }
    return false;
  }

  void addMonitor() {
    Monitor monitor;
    monitor.valid = next();
    monitor.ports = list();
    monitors_.push_back(monitor);
  }

  // Answers the number of words, then the events: cycle (low word), monitor, ports.
  void events() {
    answers_.push_back(static_cast<uint32_t>(events_.size()));
    answers_.insert(answers_.end(), events_.begin(), events_.end());
    events_.clear();
  }

  // send count bytes...: one byte a word, through the serial port, without a pause between them.
  void send() {
    const uint32_t count = next();
    for (uint32_t i = 0; i < count; i++) {
      const uint32_t frame = 0x200u | (next() << 1);
      for (uint32_t bit = 0; bit < 10; bit++) {
        put(serial_.rx, (frame >> bit) & 1);
        for (uint32_t c = 0; c < serial_.divider; c++) cycle();
      }
    }
  }

  // receive count limit: step until so many bytes have come. Answers the number of bytes, then one byte a word.
  void receive() {
    const uint32_t count = next();
    const uint64_t limit = next64();
    for (uint64_t i = 0; i < limit && serial_.received.size() < count; i++) cycle();
    const size_t got = serial_.received.size() < count ? serial_.received.size() : count;
    answers_.push_back(static_cast<uint32_t>(got));
    for (size_t i = 0; i < got; i++) answers_.push_back(serial_.received[i]);
    serial_.received.erase(serial_.received.begin(), serial_.received.begin() + static_cast<ptrdiff_t>(got));
  }

  void settle() {
    if (settled_) return;
    design_.clock(0);
    settled_ = true;
  }

  void cycle() {
    settle();
    for (uint32_t m = 0; m < monitors_.size(); m++) {
      if (ports_[monitors_[m].valid].get(0) != 0) record(m);
    }
    if (serial_.divider != 0) serial_.sample(ports_[serial_.tx].get(0) & 1);
    design_.clock(1);
    settled_ = false;
    cycles_++;
  }

  // One row of a stream: cycles until ready was high in one of them.
  bool cycleWhen(uint32_t ready, uint64_t limit) {
    for (uint64_t i = 0; i < limit; i++) {
      settle();
      const bool accepts = ready == NONE || ports_[ready].get(0) != 0;
      cycle();
      if (accepts) return true;
    }
    return false;
  }

  void record(uint32_t m) {
    events_.push_back(static_cast<uint32_t>(cycles_));
    events_.push_back(m);
    for (uint32_t index : monitors_[m].ports) {
      const Port &port = ports_[index];
      for (uint32_t w = 0; w < port.words(); w++) events_.push_back(port.get(w));
    }
  }

  void put(uint32_t index, uint32_t value) {
    ports_[index].set(0, value);
    settled_ = false;
  }

  void load(Port &port) {
    for (uint32_t w = 0; w < port.words(); w++) port.set(w, next());
    settled_ = false;
  }

  void loadRow(const std::vector<uint32_t> &ports, const uint32_t *row) {
    for (uint32_t index : ports) {
      Port &port = ports_[index];
      for (uint32_t w = 0; w < port.words(); w++) port.set(w, *row++);
    }
    settled_ = false;
  }

  void answer(const Port &port) {
    for (uint32_t w = 0; w < port.words(); w++) answers_.push_back(port.get(w));
  }

  void answer64(uint64_t value) {
    answers_.push_back(static_cast<uint32_t>(value));
    answers_.push_back(static_cast<uint32_t>(value >> 32));
  }

  uint32_t next() { return *at_++; }

  uint64_t next64() {
    const uint64_t low = next();
    return low | (static_cast<uint64_t>(next()) << 32);
  }

  std::vector<uint32_t> list() {
    const uint32_t count = next();
    std::vector<uint32_t> values(at_, at_ + count);
    at_ += count;
    return values;
  }

  uint32_t wordsOf(const std::vector<uint32_t> &ports) const {
    uint32_t words = 0;
    for (uint32_t index : ports) words += ports_[index].words();
    return words;
  }

  Design &design_;
  std::vector<Port> ports_;
  std::vector<Monitor> monitors_;
  std::vector<uint32_t> events_;
  std::vector<uint32_t> answers_;
  Serial serial_;
  const uint32_t *at_ = nullptr;
  uint64_t cycles_ = 0;
  bool settled_ = false;
};
