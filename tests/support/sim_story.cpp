#include "sim_story.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <stdexcept>

#include "sim_journal.hpp"
#include "sim_session.hpp"
#include "sim_shrink.hpp"
#include "sim_trace.hpp"
#include "tests/support/environment.hpp"

namespace joust::sim {
namespace {

constexpr unsigned kMostSessions = 400;

void check_result(const Scenario& scenario, const Journal& journal) {
  const std::optional<Disqualification> rule = journal.history().disqualification;
  for (TaskIndex task = 0; task < scenario.tasks; ++task) {
    const bool given_up = journal.quarantined().contains(task);
    const bool done = journal.done().contains(task);
    const bool may_be_open = rule && rule->void_for(task);
    if (done == given_up && (done || !may_be_open)) {
      throw BrokenPromise(
          fmt::format("the run is finished, but task {} is neither done nor given up", task));
    }
    if (given_up && journal.failures(task) != scenario.options.attempts) {
      throw BrokenPromise(fmt::format("task {} was given up after {} failures of {}", task,
                                      journal.failures(task), scenario.options.attempts));
    }
    if (journal.failures(task) > 0 && scenario.healthy) {
      throw BrokenPromise(fmt::format("task {} has failures, but nothing was wrong with it", task));
    }
  }
}

void play(const Scenario& scenario, StorySummary& summary, Trace& trace) {
  Journal journal(scenario);
  TimePoint now = TimePoint{} + std::chrono::hours(1);
  while (true) {
    if (++summary.sessions > kMostSessions) throw BrokenPromise("the tournament never ends");
    trace.add(now, "session {} begins", summary.sessions);
    Session session(scenario, summary.sessions, now, journal, trace);
    const auto finish = session.play();
    now = session.now();
    if (finish && finish->outcome == core::Outcome::finished) break;
  }
  check_result(scenario, journal);
  summary.done = journal.done().size();
  summary.quarantined = journal.quarantined().size();
}

// What went wrong, or nothing.
std::optional<std::string> failure_of(const Scenario& scenario, StorySummary& summary,
                                      Trace& trace) {
  try {
    play(scenario, summary, trace);
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  }
}

bool fails(const Scenario& scenario) {
  StorySummary summary;
  Trace silent(false);
  return failure_of(scenario, summary, silent).has_value();
}

std::string report(const Scenario& failing, const std::string& failure, const char* test_file) {
  // at once: looking for a smaller story may take a while
  fmt::print(stderr, "seed {} fails; looking for the smallest story that does\n", failing.seed);
  StorySummary summary;
  const Scenario smaller = shrink(failing, fails);
  return fmt::format(
      "seed {} fails: {}\nThe smallest story found that fails:\n{}\n{}\n"
      "replay: JOUST_SIM_SEED={} joust_sim_tests --source-file=*/sim/{}",
      failing.seed, failure, describe(smaller), play_story(smaller, summary).value_or(""),
      failing.seed, test_file);
}

}  // namespace

std::optional<std::string> play_story(const Scenario& scenario, StorySummary& summary) {
  Trace silent(false);
  if (!failure_of(scenario, summary, silent)) return std::nullopt;
  // a story is the same each time: once more, and now with a record of what happens
  Trace trace(true);
  StorySummary again;
  const auto failure = failure_of(scenario, again, trace);
  if (failure) return fmt::format("{}\n{}", trace.text(), *failure);
  return "a story that failed did not fail when it was played again: it is not deterministic";
}

Totals play_stories(Scenario (*make)(std::uint64_t), std::uint64_t seeds, const char* test_file) {
  const auto only = test::number_from_environment("JOUST_SIM_SEED");
  const std::uint64_t first = only.value_or(1);
  const std::uint64_t count =
      only ? 1 : test::number_from_environment("JOUST_SIM_SEEDS").value_or(seeds);
  Totals totals;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    StorySummary summary;
    const Scenario scenario = make(seed);
    if (const auto failure = play_story(scenario, summary)) {
      throw std::runtime_error(report(scenario, *failure, test_file));
    }
    ++totals.stories;
    totals.sessions += summary.sessions;
    totals.done += summary.done;
    totals.quarantined += summary.quarantined;
  }
  return totals;
}

}  // namespace joust::sim
