#include "runner/cli/run_history.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/result_codec.hpp"
#include "runner/report/failures.hpp"
#include "runner/report/journal_record.hpp"

namespace joust::cli {
namespace {

// The shards' journals are told apart by what they record, so this is no common mistake.
std::uint64_t position_of(TaskIndex task, const Plan& plan) {
  const Shard& shard = plan.shard();
  if (shard.has(task)) return shard.position(task);
  throw journal::JournalError(fmt::format(
      "the journal tells of task {}, which is not of its shard {}: run.db was damaged, or written "
      "by another version of joust",
      task, shard_text(shard)));
}

void strike_for_forfeits(const journal::ResultRow& row, Disqualification& rule,
                         std::uint64_t worlds) {
  if (!has_forfeits(row.encoded)) return;
  const std::optional<ResultForm> form = check_result(row.encoded);
  if (!form || row.task >= worlds) return;  // the report will tell the user
  for (const std::uint32_t seat : form->forfeits) rule.strike_seat(row.task, seat);
}

void note_culprit(const journal::FailedAttempt& row, const Plan& plan,
                  core::LedgerHistory& history) {
  std::vector<std::uint32_t> seats;
  if (row.task < plan.worlds()) plan.seats(plan.cell(row.task), seats);
  const auto seat = std::find(seats.begin(), seats.end(), *row.culprit);
  if (seat == seats.end()) return;
  history.culprits[row.task] = static_cast<std::uint32_t>(seat - seats.begin());
}

void note_failure(const journal::FailedAttempt& row, core::LedgerHistory& history) {
  AttemptNumber& charged = history.failures[row.task];
  if (row.attempt <= charged) return;
  charged = row.attempt;
  if (row.cause == Cause::out_of_memory) {
    history.starved.insert(row.task);
  } else {
    history.starved.erase(row.task);
  }
}

void strike_for_failures(const journal::Reader& reader, const Tournament& tournament,
                         const Plan& plan, core::LedgerHistory& history) {
  const report::JournalRecord record(reader);
  for (const auto& [task, culprit] : report::disqualifying_culprits(record, tournament, plan)) {
    if (!history.done.contains(plan.shard().position(task)))
      history.disqualification->strike(task, culprit);
  }
}

}  // namespace

core::LedgerHistory empty_history(const Tournament& tournament) {
  core::LedgerHistory history;
  history.shard = tournament.shape.shard;
  if (tournament.disqualify_after > 0) {
    history.disqualification.emplace(Plan(tournament.shape), tournament.disqualify_after);
  }
  return history;
}

core::LedgerHistory read_history(const journal::Reader& reader, const Tournament& tournament,
                                 const Plan& plan) {
  core::LedgerHistory history = empty_history(tournament);
  reader.for_each_result([&](const journal::ResultRow& row) {
    history.done.insert(position_of(row.task, plan));
    if (history.disqualification) {
      strike_for_forfeits(row, *history.disqualification, plan.worlds());
    }
  });
  for (const auto& row : reader.quarantined()) {
    history.quarantined.insert(position_of(row.task, plan));
  }
  reader.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    const std::uint64_t position = position_of(row.task, plan);
    const bool is_over = history.done.contains(position) || history.quarantined.contains(position);
    if (!row.charged || is_over) return;
    note_failure(row, history);
    if (history.disqualification && row.culprit) note_culprit(row, plan, history);
  });
  if (history.disqualification) strike_for_failures(reader, tournament, plan, history);
  return history;
}

}  // namespace joust::cli
