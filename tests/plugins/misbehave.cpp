// A plugin that misbehaves while it plays: its parameter `deed` says how, `worlds` how often.

#include <signal.h>
#include <unistd.h>
#include <joust/world.hpp>

#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace {

// Whether the file JOUST_TEST_GATE is there.
bool is_gate_open() {
  const char* gate = std::getenv("JOUST_TEST_GATE");
  return gate == nullptr || ::access(gate, F_OK) == 0;
}

class Misbehave {
 public:
  static joust::Declaration declare() {
    joust::Declaration it("misbehave", "Does what it should not.");
    it.seats(1, 4, 2);
    it.parameter(joust::Parameter::text("deed", "nothing").about("what it does in world 3"));
    it.parameter(joust::Parameter::integer("attempts", 1'000'000)
                     .at_least(0)
                     .about("at which it does so, from the first on"));
    it.competitor("Any", "plays nothing");
    return it;
  }

  explicit Misbehave(const joust::Setup& setup)
      : deed_(setup.parameters.text("deed")), attempts_(setup.parameters.integer("attempts")) {
    if (deed_ == "throw when made") throw std::invalid_argument("a deed that cannot be");
  }

  joust::Result play(const joust::Task& task, joust::Context& context) {
    context.progress(1, 1);
    context.log("a line of the log");
    joust::Result result = {
        {{1, "", {{"steps", 3}}}, {0.5, "the other", {}}}, {{"rounds", 7}}, "p"};
    if (task.index == 3 && static_cast<std::int64_t>(context.attempt()) <= attempts_) {
      misbehave(task, result);
    }
    return result;
  }

 private:
  void misbehave(const joust::Task& task, joust::Result& result) const {
    fail_itself(task);
    if (deed_ == "crash") ::raise(SIGSEGV);
    if (deed_ == "exit") ::_exit(7);
    while (deed_ == "block") ::pause();
    while (deed_ == "wait" && !is_gate_open()) ::usleep(2000);
    if (deed_ == "too few") result.seats.pop_back();
    if (deed_ == "too many") result.seats.push_back({3, "", {}});
    if (deed_ == "infinite") result.seats[1].score = INFINITY;
    if (deed_ == "nan") result.seats[1].score = NAN;
    if (deed_ == "long name") result.seats[0].agent.assign(256, 'x');
    if (deed_ == "seat counter twice") result.seats[0].counters.push_back({"steps", 4});
    if (deed_ == "counter twice") result.counters.push_back({"rounds", 8});
    if (deed_ == "many counters") {
      for (int i = 0; i < 1000; ++i) result.seats[0].counters.push_back({std::to_string(i), 0});
    }
  }

  void fail_itself(const joust::Task& task) const {
    if (deed_ == "throw") throw std::runtime_error("no such luck");
    if (deed_ == "throw a number") throw 42;
    if (deed_ == "blame") throw joust::CompetitorFault(1, "a bad move");
    if (deed_ == "blame nobody") {
      throw joust::CompetitorFault(static_cast<std::uint32_t>(task.seats.size()), "a ghost's move");
    }
  }

  std::string deed_;
  std::int64_t attempts_;
};

}  // namespace

JOUST_PLUGIN(Misbehave)
