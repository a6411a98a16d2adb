// The design as a process: batches come in on standard input and answers go out on standard output, each as a count of
// words and the words. Before each count of an answer comes a mark, because the design may print too. Ends with the input. `ports.inc`, which is generated, lists
// the ports as PORT(member, bits).

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "Vrtl_top.h"
#include "port_machine.h"
#include "verilated.h"

struct Design {
  VerilatedContext context;
  Vrtl_top top{&context};

  std::vector<Port> ports() {
    return {
#define PORT(member, bits) {&top.member, static_cast<uint32_t>(sizeof top.member), bits},
#include "ports.inc"
#undef PORT
    };
  }

  void clock(int level) {
    top.CLOCK = level;
    top.eval();
  }
};

static const uint32_t MARK[2] = {0xa5005a81u, 0x815a00a5u};

static bool readWords(uint32_t *words, size_t count) { return std::fread(words, 4, count, stdin) == count; }

int main() {
  static Design design;
  PortMachine<Design> machine(design);
  std::vector<uint32_t> batch;
  uint32_t size;
  while (readWords(&size, 1)) {
    batch.resize(size);
    if (!readWords(batch.data(), size)) return EXIT_FAILURE;
    const std::vector<uint32_t> &answers = machine.run(batch.data(), batch.size());
    size = static_cast<uint32_t>(answers.size());
    std::fwrite(MARK, 4, 2, stdout);
    std::fwrite(&size, 4, 1, stdout);
    std::fwrite(answers.data(), 4, answers.size(), stdout);
    std::fflush(stdout);
  }
  return EXIT_SUCCESS;
}
