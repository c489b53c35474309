// The channel's way of sleeping and waking (common/channel_layout.hpp), as a model whose every
// execution is visited: no wake-up is ever lost, and what a dying worker had published is accepted.
// Each line that this rests on is then taken out in turn, and the model must notice.

#include <doctest/doctest.h>

#include <array>

#include "tests/support/memory_model.hpp"

namespace joust::test {
namespace {

constexpr std::uint8_t kTasks = 4;
constexpr std::uint8_t kWindow = 4;          // tasks in the worker's hands
constexpr std::uint8_t kResultCapacity = 1;  // so that the worker also waits for space
constexpr std::uint8_t kAwakeSupervisor = 255;
constexpr std::uint8_t kForTasks = 1;
constexpr std::uint8_t kForSpace = 2;

enum Word : std::size_t {
  task_data,  // how many tasks have been written into the ring
  task_tail,
  result_data,  // the number of the result in the only place, from 1
  result_tail,
  result_head,
  wake_at,
  sleeping,
  stop
};
enum Bell : std::size_t { task_bell, result_bell };

// What is taken out of the protocol.
enum class Without {
  nothing,
  fence_after_tasks,
  fence_before_supervisor_sleeps,
  fence_after_result,
  fence_before_worker_sleeps,
  second_look_of_worker,
  second_look_of_supervisor,
  ring_before_worker_sleeps,
  ring_for_space,
  release_of_result,
  drain_on_death
};
constexpr std::array kMutants = {
    Without::fence_after_tasks,         Without::fence_before_supervisor_sleeps,
    Without::fence_after_result,        Without::fence_before_worker_sleeps,
    Without::second_look_of_worker,     Without::second_look_of_supervisor,
    Without::ring_before_worker_sleeps, Without::ring_for_space};

struct Story {
  Without without = Without::nothing;
  // The worker plays the last world for ever: the results before it must arrive all the same.
  bool last_never_ends = false;
  std::uint8_t results() const { return last_never_ends ? kTasks - 1 : kTasks; }
};

using Registers = ModelRegisters;

ModelValue constant(std::uint8_t value) {
  return [value](const Registers&) { return value; };
}
ModelValue in(std::size_t index) {
  return [index](const Registers& r) { return r[index]; };
}
ModelValue next_of(std::size_t index) {
  return [index](const Registers& r) { return static_cast<std::uint8_t>(r[index] + 1); };
}

// ChannelHost and the supervisor's loop.
class SupervisorSide {
 public:
  explicit SupervisorSide(const Story& story) : without_(story.without), results_(story.results()) {
    hand_out();
    publish();
    sleep();
    take();
    take_last();
    ask_to_stop();
  }
  ModelProgram program;

 private:
  enum Register : std::size_t { given, received, is_fresh, has_freed, tail, data, sleep_word };

  static bool must_ring(const Registers& r, bool rings_for_space) {
    return (r[is_fresh] != 0 && r[sleep_word] == kForTasks) ||
           (rings_for_space && r[has_freed] != 0 && r[sleep_word] == kForSpace);
  }

  void hand_out() {
    program.label("turn")
        .branch([](const Registers& r) { return r[given] == kTasks; }, "publish")
        .branch([](const Registers& r) { return r[given] - r[received] >= kWindow; }, "publish")
        .store(task_data, next_of(given))
        .set(given, next_of(given))
        .set(is_fresh, constant(1))
        .jump("turn");
  }
  void publish() {
    program.label("publish")
        .branch([](const Registers& r) { return r[is_fresh] == 0 && r[has_freed] == 0; }, "sleep")
        .store(task_tail, in(given), StoreOrder::release);
    if (without_ != Without::fence_after_tasks) program.fence();
    const bool rings_for_space = without_ != Without::ring_for_space;
    program.load(sleeping, sleep_word)
        .set(tail, constant(0))
        .branch([rings_for_space](const Registers& r) { return !must_ring(r, rings_for_space); },
                "published")
        .ring(task_bell)
        .label("published")
        .set(is_fresh, constant(0))
        .set(has_freed, constant(0));
  }
  void sleep() {
    program.label("sleep")
        .branch([results = results_](const Registers& r) { return r[received] == results; }, "stop")
        .store(wake_at, [](const Registers& r) {
          const int half = std::max(1, (r[given] - r[received]) / 2);
          return static_cast<std::uint8_t>(r[received] + half);
        });
    if (without_ != Without::fence_before_supervisor_sleeps) program.fence();
    if (without_ != Without::second_look_of_supervisor) {
      program.load(result_tail, tail)
          .branch([](const Registers& r) { return r[tail] != r[received]; }, "awake");
    }
    program.wait(result_bell, true)
        .label("awake")
        .store(wake_at, constant(kAwakeSupervisor))
        .branch_if_dead("last");
  }
  void take_one() {
    program.load(result_data, data)
        .check([](const Registers& r) { return r[data] == r[received] + 1; },
               "a result is whole, and the next one, when the tail shows it")
        .set(received, next_of(received))
        .set(has_freed, constant(1))
        .store(result_head, in(received), StoreOrder::release);
  }
  void take() {
    program.label("take")
        .load(result_tail, tail)
        .branch([](const Registers& r) { return r[tail] == r[received]; }, "turn");
    take_one();
    program.jump("take");
  }
  void take_last() {
    program.label("last")
        .load(result_tail, tail)
        .branch([](const Registers& r) { return r[tail] == r[received]; }, "settled");
    if (without_ != Without::drain_on_death) {
      take_one();
      program.jump("last");
    }
    program.label("settled")
        .load(result_tail, tail)
        .check([](const Registers& r) { return r[tail] == r[received]; },
               "what a dead worker had published is accepted")
        .end();
  }
  void ask_to_stop() {
    program.label("stop")
        .store(stop, constant(1), StoreOrder::release)
        .fence()
        .load(sleeping, sleep_word)
        .branch([](const Registers& r) { return r[sleep_word] == 0; }, "told")
        .ring(task_bell)
        .label("told")
        .end();
  }

  Without without_;
  std::uint8_t results_;
};

// ChannelClient and the worker's loop.
class WorkerSide {
 public:
  explicit WorkerSide(const Story& story) : without_(story.without), results_(story.results()) {
    next_task();
    play();
    send();
    program.label("finish").end();
  }
  ModelProgram program;

 private:
  enum Register : std::size_t { taken, sent, is_unrung, tail, head, word, data };

  void ring_before_sleep(const std::string& label) {
    if (without_ == Without::ring_before_worker_sleeps) return;
    program.branch([](const Registers& r) { return r[is_unrung] == 0; }, label)
        .ring(result_bell)
        .set(is_unrung, constant(0))
        .label(label);
  }
  void next_task() {
    program.label("next")
        .load(stop, word)
        .branch([](const Registers& r) { return r[word] != 0; }, "finish")
        .load(task_tail, tail)
        .branch([](const Registers& r) { return r[tail] != r[taken]; }, "play");
    ring_before_sleep("sleep for tasks");
    program.store(sleeping, constant(kForTasks));
    if (without_ != Without::fence_before_worker_sleeps) program.fence();
    if (without_ != Without::second_look_of_worker) {
      program.load(task_tail, tail)
          .branch([](const Registers& r) { return r[tail] != r[taken]; }, "awake")
          .load(stop, word)
          .branch([](const Registers& r) { return r[word] != 0; }, "awake");
    }
    program.wait(task_bell).label("awake").store(sleeping, constant(0)).jump("next");
  }
  void play() {
    program.label("play")
        .load(task_data, data)
        .check([](const Registers& r) { return r[data] > r[taken]; },
               "a task is whole when the tail shows it")
        .set(taken, next_of(taken))
        .branch([results = results_](const Registers& r) { return r[taken] > results; }, "finish");
  }
  void send() {
    program.label("send")
        .load(result_head, head)
        .branch([](const Registers& r) { return r[sent] - r[head] < kResultCapacity; }, "write");
    ring_before_sleep("sleep for space");
    program.store(sleeping, constant(kForSpace));
    if (without_ != Without::fence_before_worker_sleeps) program.fence();
    if (without_ != Without::second_look_of_worker) {
      program.load(result_head, word)
          .branch([](const Registers& r) { return r[word] != r[head]; }, "space");
    }
    program.wait(task_bell).label("space").store(sleeping, constant(0)).jump("send");
    const bool in_order = without_ != Without::release_of_result;
    program.label("write")
        .store(result_data, next_of(sent))
        .set(sent, next_of(sent))
        .store(result_tail, in(sent), in_order ? StoreOrder::release : StoreOrder::relaxed)
        .set(is_unrung, constant(1));
    if (without_ != Without::fence_after_result) program.fence();
    program.load(wake_at, word)
        .branch([](const Registers& r) { return r[word] == kAwakeSupervisor; }, "next")
        .branch([](const Registers& r) { return r[sent] < r[word]; }, "next")
        .set(is_unrung, constant(0))
        .ring(result_bell)
        .jump("next");
  }

  Without without_;
  std::uint8_t results_;
};

ModelOutcome explore_channel(const Story& story, StoreModel model, bool may_die) {
  return explore(SupervisorSide(story).program, WorkerSide(story).program, model, may_die);
}

constexpr std::array kModels = {StoreModel::total_store_order, StoreModel::partial_store_order};

TEST_CASE("no execution of the channel's protocol loses a wake-up, also when the worker dies") {
  for (const StoreModel model : kModels) {
    for (const bool last_never_ends : {false, true}) {
      const Story story{Without::nothing, last_never_ends};
      const ModelOutcome calm = explore_channel(story, model, false);
      const ModelOutcome deadly = explore_channel(story, model, true);
      CHECK(calm.fault == "");
      CHECK(deadly.fault == "");
      CHECK(calm.states > 10'000);
      CHECK(deadly.states > calm.states);
    }
  }
}

TEST_CASE("with any fence, second look or ring taken out, an execution hangs for ever") {
  for (const Without mutant : kMutants) {
    for (const StoreModel model : kModels) {
      CAPTURE(static_cast<int>(mutant));
      const std::string fault = explore_channel({mutant, false}, model, false).fault +
                                explore_channel({mutant, true}, model, false).fault;
      CHECK(fault.starts_with("nobody can go on"));
    }
  }
}

TEST_CASE("without the drain of a dead worker's ring a published result is lost") {
  for (const StoreModel model : kModels) {
    const ModelOutcome outcome = explore_channel({Without::drain_on_death}, model, true);
    CHECK(outcome.fault.find("what a dead worker had published") != std::string::npos);
  }
}

TEST_CASE("a tail that is not a release store shows results before they are written") {
  const auto fault_in = [](StoreModel model) {
    return explore_channel({Without::release_of_result}, model, false).fault;
  };
  CHECK(fault_in(StoreModel::total_store_order) == "");  // x86 keeps stores in order by itself
  CHECK(fault_in(StoreModel::partial_store_order).find("a result is whole") != std::string::npos);
}

}  // namespace
}  // namespace joust::test
