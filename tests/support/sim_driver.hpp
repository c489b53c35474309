#pragma once
// Drives a core::Pool by hand, for stories that are short enough to be told in a test.

#include <stdexcept>
#include <variant>
#include <vector>

#include "runner/core/pool.hpp"

namespace joust::sim {

class Driver {
 public:
  Driver(const PoolOptions& options, std::uint64_t tasks, core::LedgerHistory history = {})
      : pool(options, tasks, std::move(history)) {
    pool.start(now, actions);
  }

  // One turn of the main loop, `later` than the last, in which the events come.
  void turn(Duration later, const std::vector<core::Event>& events = {}) {
    actions.clear();
    step(later, events);
  }

  // Turns whenever the pool wants one, for as long as `time`, and no event comes.
  void let_pass(Duration time) {
    const TimePoint until = now + time;
    actions.clear();
    while (pool.next_deadline() <= until) {
      if (pool.next_deadline() <= now) throw std::logic_error("the pool spins");
      step(pool.next_deadline() - now, {});
    }
    step(until - now, {});
  }

  // A turn in which the worker hands in the world it was given. Whether it was accepted.
  bool claim(const core::Give& give, Duration later, Duration played) {
    now += later;
    actions.clear();
    pool.begin_turn(now);
    const bool accepted =
        pool.accept({give.worker, give.ordinal, give.task, give.attempt, played}, now, actions);
    pool.end_turn(now, actions);
    return accepted;
  }

  // What the last call asked for, of one kind.
  template <class Kind>
  std::vector<Kind> asked() const {
    std::vector<Kind> found;
    for (const core::Action& action : actions) {
      if (const auto* kind = std::get_if<Kind>(&action)) found.push_back(*kind);
    }
    return found;
  }

  TimePoint now = TimePoint{} + std::chrono::hours(1);
  bool stacks_at_once = true;  // what the pool asks for is there in the same turn; false: never
  core::Actions actions;       // of the last call
  core::Pool pool;

 private:
  void step(Duration later, const std::vector<core::Event>& events) {
    now += later;
    pool.begin_turn(now);
    for (const core::Event& event : events) pool.handle(event, now, actions);
    pool.end_turn(now, actions);
    for (std::size_t i = 0; stacks_at_once && i < actions.size(); ++i) {
      const auto* wanted = std::get_if<core::TakeStacks>(&actions[i]);
      if (wanted == nullptr) continue;
      pool.handle(core::StacksTaken{core::WorkerId(wanted->worker)}, now, actions);
    }
  }
};

}  // namespace joust::sim
