#include "sim_shrink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace joust::sim {
namespace {

using namespace std::chrono_literals;

constexpr int kMostAttempts = 2000;

// Where a number lies in a scenario.
template <class Number>
auto field(Number Scenario::*member) {
  return [member](Scenario& scenario) -> Number& { return scenario.*member; };
}
template <class Number>
auto option(Number PoolOptions::*member) {
  return [member](Scenario& scenario) -> Number& { return scenario.options.*member; };
}

class Shrinker {
 public:
  Shrinker(const Scenario& failing, const std::function<bool(const Scenario&)>& fails)
      : smallest_(failing), fails_(&fails) {}

  Scenario run() {
    do {
      changed_ = false;
      drop_kinds_of_trouble();
      lower(field(&Scenario::tasks), 1);
      lower(option(&PoolOptions::workers), 1);
      lower(field(&Scenario::calm_from), 1);
      spare_tasks();
    } while (changed_);
    return smallest_;
  }

 private:
  template <class Change>
  bool attempt(const Change& change) {
    if (++attempts_ > kMostAttempts) return false;
    Scenario smaller = smallest_;
    change(smaller);
    if (!(*fails_)(smaller)) return false;
    smallest_ = smaller;
    changed_ = true;
    return true;
  }

  template <class Place, class Value>
  void set(const Place& place, const Value& calm) {
    if (place(smallest_) == calm) return;
    attempt([&](Scenario& scenario) { place(scenario) = calm; });
  }

  void drop_kinds_of_trouble() {
    for (auto rate : {&Scenario::poison, &Scenario::attempt_faults, &Scenario::worker_faults,
                      &Scenario::stubborn, &Scenario::oversleeps, &Scenario::journal_trouble,
                      &Scenario::user_stops, &Scenario::supervisor_kills, &Scenario::big_tasks,
                      &Scenario::leaks}) {
      set(field(rate), std::uint64_t{0});
    }
    set(field(&Scenario::disqualify_after), 0U);
    set(field(&Scenario::commit_delay), Duration(5ms));
    set(field(&Scenario::longest_world), Duration(100us));
    set(option(&PoolOptions::terminate_grace), Duration::zero());
    set(option(&PoolOptions::retry_backoff), Duration::zero());
    set(option(&PoolOptions::ramp), 0U);
    set(option(&PoolOptions::memory_limit), std::uint64_t{0});
    set(option(&PoolOptions::recycle_above), std::uint64_t{0});
    set(option(&PoolOptions::recycle_after), std::uint64_t{0});
    set(option(&PoolOptions::total_deadline), Duration::max());
    set(option(&PoolOptions::max_deaths_without_progress), 0U);
  }

  // By halves while that fails, then by one.
  template <class Place>
  void lower(const Place& place, unsigned least) {
    while (place(smallest_) > least) {
      const auto half = std::max<std::uint64_t>(place(smallest_) / 2, least);
      const auto lower_to = [&](std::uint64_t value) {
        return attempt([&](Scenario& scenario) {
          auto& number = place(scenario);
          number = static_cast<std::remove_reference_t<decltype(number)>>(value);
        });
      };
      if (!lower_to(half) && !lower_to(place(smallest_) - 1)) return;
    }
  }

  // Larger parts first, then each task alone.
  void spare_tasks() {
    for (std::uint64_t part = smallest_.tasks; part > 0; part /= 2) {
      for (TaskIndex first = 0; first < smallest_.tasks; first += part) {
        std::vector<TaskIndex> faulty;
        const TaskIndex end = std::min(first + part, smallest_.tasks);
        for (TaskIndex task = first; task < end; ++task) {
          if (!smallest_.spared.contains(task)) faulty.push_back(task);
        }
        if (faulty.empty()) continue;
        attempt([&](Scenario& scenario) { scenario.spared.insert(faulty.begin(), faulty.end()); });
      }
    }
  }

  Scenario smallest_;
  const std::function<bool(const Scenario&)>* fails_;
  bool changed_ = false;
  int attempts_ = 0;
};

}  // namespace

Scenario shrink(const Scenario& failing, const std::function<bool(const Scenario&)>& fails) {
  return Shrinker(failing, fails).run();
}

std::string describe(const Scenario& scenario) {
  std::string text =
      fmt::format("{} tasks ({} of them spared), {} workers, calm from session {}", scenario.tasks,
                  scenario.spared.size(), scenario.options.workers, scenario.calm_from);
  const auto add = [&text](const char* name, std::uint64_t rate, const char* unit) {
    if (rate > 0) text += fmt::format(", {} {} {}", name, rate, unit);
  };
  add("faulty attempts", scenario.attempt_faults, "%");
  add("poisonous tasks", scenario.poison, "%");
  add("faulty processes", scenario.worker_faults, "%");
  add("stubborn processes", scenario.stubborn, "%");
  add("late turns", scenario.oversleeps, "per mille");
  add("journal trouble", scenario.journal_trouble, "%");
  add("user stops", scenario.user_stops, "%");
  add("supervisor kills", scenario.supervisor_kills, "%");
  add("disqualified after", scenario.disqualify_after, "worlds");
  add("tasks lost to a competitor", scenario.strikes, "%");
  add("memory of", scenario.memory >> 20, "MiB");
  add("big tasks", scenario.big_tasks, "%");
  add("leaks", scenario.leaks, "%");
  add("memory limit", scenario.options.memory_limit >> 20, "MiB");
  add("recycled above", scenario.options.recycle_above >> 20, "MiB");
  add("recycled after", scenario.options.recycle_after, "worlds");
  add("ramp", scenario.options.ramp, "workers");
  return text;
}

}  // namespace joust::sim
