#include "runner/cli/world_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "common/parse_number.hpp"
#include "common/result_codec.hpp"
#include "runner/os/stdout_to_stderr.hpp"
#include "runner/report/printable.hpp"

namespace joust::cli {
namespace {

// What may happen in this process, which is not isolated from the world and sets it no deadline.
std::string_view warning(Cause cause) {
  switch (cause) {
    case Cause::timed_out:
    case Cause::stalled:
      return "; it may hang again: Ctrl-C ends it";
    case Cause::frozen:
      return "; it may stop this process: SIGCONT lets it go on";
    case Cause::crashed:
      return "; it may crash again, and this process with it";
    case Cause::exited:
      return "; it may end this process in the same way, without another word";
    case Cause::out_of_memory:
      return "; it may take as much memory again, and no limit is set here";
    default:
      return "";
  }
}

}  // namespace

TaskIndex task_named(const std::string& text, const Plan& plan) {
  const auto task = parse_number<TaskIndex>(text.substr(0, text.find('_')));
  if (!task || *task >= plan.worlds()) {
    throw BadRequest(
        fmt::format("there is no world '{}' in this tournament: its worlds are 0 to {}", text,
                    plan.worlds() - 1));
  }
  if (text.find('_') != std::string::npos && text != plan.run_id(*task)) {
    throw BadRequest(fmt::format("there is no world '{}' in this tournament: world {} is {}", text,
                                 *task, plan.run_id(*task)));
  }
  return *task;
}

AttemptNumber WorldRecord::last_attempt() const {
  AttemptNumber last = attempt;
  for (const journal::FailedAttempt& row : failures) last = std::max(last, row.attempt);
  return last;
}

const journal::FailedAttempt* WorldRecord::failure_of(AttemptNumber number) const {
  // an attempt that joust ended has a row, and may have been made again
  const auto found = std::find_if(failures.rbegin(), failures.rend(),
                                  [&](const auto& row) { return row.attempt == number; });
  return found == failures.rend() ? nullptr : &*found;
}

WorldRecord read_world_record(const journal::Reader& reader, TaskIndex task) {
  WorldRecord record;
  reader.visit_result(task, [&](const journal::ResultRow& row) {
    record.result = std::string(row.encoded);
    record.attempt = row.attempt;
  });
  reader.for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    if (row.task == task) record.failures.push_back(row);
  });
  return record;
}

std::string failure_text(const journal::FailedAttempt& failure) {
  std::string text(cause_name(failure.cause));
  if (!failure.detail.empty()) text += ": " + report::printable(failure.detail);
  return text;
}

std::string record_text(const WorldRecord& record, AttemptNumber attempt) {
  if (record.result && record.attempt == attempt) {
    return fmt::format("attempt {}: the result that counts", attempt);
  }
  if (const journal::FailedAttempt* failure = record.failure_of(attempt)) {
    return fmt::format("attempt {}: {}{}", attempt, failure_text(*failure),
                       warning(failure->cause));
  }
  return fmt::format("nothing of attempt {}", attempt);
}

std::string playable_text(const WorldRecord& record) {
  const AttemptNumber last = record.last_attempt();
  if (last == 0) return "1";
  if (last == 1) return "1 or, for the next one, 2";
  return fmt::format("1 to {} or, for the next one, {}", last, last + 1);
}

WorldResult play_aside(World& world, const WorldTask& task, WorldContext& context) {
  const os::StdoutToStderr aside;
  return world.play(task, context);
}

std::string difference_text(const WorldResult& now, const std::string& recorded) {
  const auto before = decode_result(recorded);
  if (!before) return "that cannot be decoded";
  for (std::size_t seat = 0; seat < std::min(now.seats.size(), before->seats.size()); ++seat) {
    if (now.seats[seat].score == before->seats[seat].score) continue;
    return fmt::format("seat {} has {} now, {} is recorded", seat, now.seats[seat].score,
                       before->seats[seat].score);
  }
  for (std::size_t seat = 0; seat < std::min(now.seats.size(), before->seats.size()); ++seat) {
    if (now.seats[seat].forfeit == before->seats[seat].forfeit) continue;
    return fmt::format("the scores are equal, but seat {} forfeited for another reason", seat);
  }
  if (now.counters != before->counters) return "the scores are equal, the counters differ";
  return "the scores are equal, other things that the world gave differ";
}

std::string traced_worlds(const WorldRegistry& worlds) {
  std::string names;
  for (const auto& type : worlds.types()) {
    if (!type->tables.empty()) names += (names.empty() ? "" : ", ") + type->name;
  }
  return names;
}

}  // namespace joust::cli
