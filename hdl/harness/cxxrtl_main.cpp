// The design as a WebAssembly module: the host writes a batch to the memory that batch_space() returns, calls
// batch_run(), and reads the answers from batch_answers(). `design.h` and `ports.inc` are generated.

#include <vector>

#include "design.h"
#include "port_machine.h"

struct Design {
  cxxrtl_design::p_rtl__top top;

  template <size_t Bits>
  static Port port(cxxrtl::value<Bits> &value) {
    return {value.data, static_cast<uint32_t>(sizeof value.data), Bits};
  }

  template <size_t Bits>
  static Port port(cxxrtl::wire<Bits> &wire) {
    return port(wire.curr);
  }

  std::vector<Port> ports() {
    return {
#define PORT(member, bits) port(top.member),
#include "ports.inc"
#undef PORT
    };
  }

  void clock(int level) {
    top.CLOCK.data[0] = static_cast<uint32_t>(level);
    top.step();
  }
};

static Design design;
static std::vector<uint32_t> batch;
static const std::vector<uint32_t> *answers;

static PortMachine<Design> &machine() {
  static PortMachine<Design> instance(design);
  return instance;
}

extern "C" {
__attribute__((export_name("batch_space"))) uint32_t *batch_space(uint32_t words) {
  batch.resize(words);
  return batch.data();
}

__attribute__((export_name("batch_run"))) uint32_t batch_run() {
  answers = &machine().run(batch.data(), batch.size());
  return static_cast<uint32_t>(answers->size());
}

__attribute__((export_name("batch_answers"))) const uint32_t *batch_answers() { return answers->data(); }
}
