#include "runner/report/failures.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "runner/report/evidence.hpp"
#include "runner/report/printable.hpp"

namespace joust::report {
namespace {

std::uint32_t bit_of(Cause cause) { return 1U << static_cast<std::uint32_t>(cause); }

bool is_seated(const std::vector<std::uint32_t>& seats, std::uint32_t competitor) {
  return std::find(seats.begin(), seats.end(), competitor) != seats.end();
}

std::uint64_t& count_of(CauseSummary& summary, Fate fate) {
  switch (fate) {
    case Fate::quarantined:
      return summary.quarantined;
    case Fate::recovered:
      return summary.recovered;
    case Fate::voided:
      return summary.voided;
    case Fate::open:
      break;
  }
  return summary.open;
}

}  // namespace

FailureLedger::FailureLedger(const RunRecord& record, const Tournament& tournament,
                             const Plan& plan)
    : record_(record), tournament_(tournament), plan_(plan) {
  record.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    World& world = worlds_[row.task];
    world.causes |= bit_of(row.cause);
    ++attempts_by_cause_[row.cause];
    ++attempts_;
    played_ += row.played;
    if (!row.charged) return;
    ++world.attempts;
    if (!row.culprit || !is_seated(seats(row.task), *row.culprit)) return;
    world.culprit = row.culprit;
    ++world.charged[*row.culprit];
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

void FailureLedger::leave_out_void(const Disqualification& rule) {
  for (auto& [task, world] : worlds_) {
    if (task < plan_.worlds() && rule.void_for(task)) world.fate = Fate::voided;
  }
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
      ++count_of(summary, world.fate);
    }
    summaries.push_back(summary);
  }
  return summaries;
}

std::map<TaskIndex, std::uint32_t> FailureLedger::culprits() const {
  std::map<TaskIndex, std::uint32_t> culprits;
  for (const auto& [task, world] : worlds_) {
    if (world.fate == Fate::quarantined && world.culprit) culprits.emplace(task, *world.culprit);
  }
  return culprits;
}

std::vector<CompetitorFailures> FailureLedger::by_competitor() const {
  std::vector<CompetitorFailures> all(tournament_.setup.competitors.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    all[i].competitor = i;
    all[i].name = printable(tournament_.setup.competitors[i].name);
  }
  for (const auto& [task, world] : worlds_) {
    if (world.fate == Fate::voided) continue;
    for (const auto& [competitor, attempts] : world.charged) all[competitor].charged += attempts;
    std::vector<std::uint32_t> seated = seats(task);
    std::sort(seated.begin(), seated.end());
    seated.erase(std::unique(seated.begin(), seated.end()), seated.end());
    for (const std::uint32_t competitor : seated) {
      all[competitor].sat_in += world.attempts;
      all[competitor].quarantined += world.fate == Fate::quarantined ? 1 : 0;
    }
  }
  return all;
}

// Nobody for a task that is not of this plan, as a damaged row may have.
std::vector<std::uint32_t> FailureLedger::seats(TaskIndex task) const {
  std::vector<std::uint32_t> seated;
  if (task < plan_.worlds()) plan_.seats(plan_.cell(task), seated);
  return seated;
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

TroubledWorld FailureLedger::describe(TaskIndex task) const {
  const World& known = worlds_.at(task);
  TroubledWorld world;
  world.task = task;
  world.run_id = plan_.run_id(task);
  world.fate = known.fate;
  world.failed_attempts = known.attempts;
  world.cause = known.given_up_for;
  for (const std::uint32_t seat : seats(task)) {
    world.seated.push_back(printable(tournament_.setup.competitors[seat].name));
  }
  return world;
}

void FailureLedger::fill_evidence(TroubledWorld& world, const journal::FailedAttempt& row,
                                  const ReportOptions& options) const {
  world.attempt = row.attempt;
  world.cause = row.cause;
  world.detail = printable(row.detail);
  world.culprit.reset();
  if (row.culprit && is_seated(seats(row.task), *row.culprit)) {
    world.culprit = printable(tournament_.setup.competitors[*row.culprit].name);
  }
  world.log = row.log;
  world.last_words = last_words(inside(options.dir, row.log), options.last_lines);
  world.stack = row.stack;
  world.frames = top_frames(inside(options.dir, row.stack), options.frames);
}

std::vector<TroubledWorld> FailureLedger::worst(const ReportOptions& options) const {
  std::vector<TroubledWorld> worlds;
  for (const TaskIndex task : worst_tasks(options.worst)) {
    if (task < plan_.worlds()) worlds.push_back(describe(task));
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

std::map<TaskIndex, std::uint32_t> disqualifying_culprits(const RunRecord& record,
                                                          const Tournament& tournament,
                                                          const Plan& plan) {
  if (tournament.disqualify_after == 0) return {};
  return FailureLedger(record, tournament, plan).culprits();
}

}  // namespace joust::report
