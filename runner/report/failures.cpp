#include "runner/report/failures.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

std::uint32_t bit_of(Cause cause) { return 1U << static_cast<std::uint32_t>(cause); }

// The journal's paths stay inside the run directory, whatever a damaged row says.
bool is_inside(const std::filesystem::path& relative) {
  return relative.is_relative() && std::none_of(relative.begin(), relative.end(),
                                                [](const auto& part) { return part == ".."; });
}

void fill_evidence(TroubledWorld& world, const journal::FailedAttempt& row,
                   const ReportOptions& options) {
  world.attempt = row.attempt;
  world.cause = row.cause;
  world.detail = printable(row.detail);
  world.log = row.log;
  world.last_words.clear();
  if (!row.log.empty() && is_inside(row.log)) {
    world.last_words = last_words(std::filesystem::path(options.dir) / row.log, options.last_lines);
  }
}

}  // namespace

FailureLedger::FailureLedger(const RunRecord& record) : record_(record) {
  record.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    World& world = worlds_[row.task];
    world.causes |= bit_of(row.cause);
    if (row.charged) ++world.attempts;
    ++attempts_by_cause_[row.cause];
    ++attempts_;
  });
  for (const journal::QuarantineRow& row : record.quarantined()) {
    World& world = worlds_[row.task];
    world.fate = Fate::quarantined;
    world.given_up_for = row.cause;
  }
}

void FailureLedger::mark_recovered(TaskIndex task) {
  const auto found = worlds_.find(task);
  if (found != worlds_.end()) found->second.fate = Fate::recovered;
}

std::vector<CauseSummary> FailureLedger::by_cause() const {
  std::vector<CauseSummary> summaries;
  for (const auto& [cause, attempts] : attempts_by_cause_) {
    CauseSummary summary;
    summary.cause = cause;
    summary.attempts = attempts;
    for (const auto& [task, world] : worlds_) {
      if ((world.causes & bit_of(cause)) == 0) continue;
      ++summary.worlds;
      summary.recovered += world.fate == Fate::recovered ? 1 : 0;
      summary.quarantined += world.fate == Fate::quarantined ? 1 : 0;
      summary.open += world.fate == Fate::open ? 1 : 0;
    }
    summaries.push_back(summary);
  }
  return summaries;
}

std::vector<TaskIndex> FailureLedger::worst_tasks(std::size_t count) const {
  std::vector<std::tuple<Fate, std::uint64_t, TaskIndex>> order;
  for (const auto& [task, world] : worlds_) {
    const bool is_trouble = world.attempts > 0 || world.fate == Fate::quarantined;
    if (is_trouble) order.emplace_back(world.fate, ~world.attempts, task);
  }
  const std::size_t shown = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end());
  std::vector<TaskIndex> tasks;
  for (std::size_t i = 0; i < shown; ++i) tasks.push_back(std::get<2>(order[i]));
  return tasks;
}

TroubledWorld FailureLedger::describe(TaskIndex task, const Tournament& tournament,
                                      const Plan& plan) const {
  const World& known = worlds_.at(task);
  TroubledWorld world;
  world.task = task;
  world.run_id = plan.run_id(task);
  world.fate = known.fate;
  world.failed_attempts = known.attempts;
  world.cause = known.given_up_for;
  std::vector<std::uint32_t> seats;
  plan.seats(plan.cell(task), seats);
  for (const std::uint32_t seat : seats) {
    world.seated.push_back(printable(tournament.setup.competitors[seat].name));
  }
  return world;
}

std::vector<TroubledWorld> FailureLedger::worst(const ReportOptions& options,
                                                const Tournament& tournament,
                                                const Plan& plan) const {
  std::vector<TroubledWorld> worlds;
  for (const TaskIndex task : worst_tasks(options.worst)) {
    if (task >= plan.worlds()) continue;
    worlds.push_back(describe(task, tournament, plan));
  }
  std::map<TaskIndex, TroubledWorld*> by_task;
  for (TroubledWorld& world : worlds) by_task[world.task] = &world;
  record_.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    const auto found = by_task.find(row.task);
    if (found == by_task.end() || !row.charged || row.attempt < found->second->attempt) return;
    fill_evidence(*found->second, row, options);
  });
  return worlds;
}

}  // namespace joust::report
