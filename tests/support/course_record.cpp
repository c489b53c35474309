#include "tests/support/course_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "common/hash.hpp"
#include "common/result_codec.hpp"

namespace joust::test {
namespace {

constexpr journal::UnixMillis kBegin = 1740830400000;  // 2025-03-01 12:00:00 UTC
constexpr journal::UnixMillis kPause = 2LL * 3600 * 1000 + 240000;
constexpr std::uint64_t kMeanMillis = 300;

double unit(std::uint64_t a, std::uint64_t b) {
  return static_cast<double>(hash_numbers({a, b}) >> 11U) / 9007199254740992.0;
}

Tournament tournament_of(const CourseOptions& options) {
  Tournament tournament;
  tournament.name = "Spring cup";
  tournament.shape = {.competitors = static_cast<std::uint32_t>(options.names.size()),
                      .per_world = options.per_world,
                      .configs = options.configs,
                      .runs = options.runs,
                      .seed = 42};
  tournament.setup.world = "noop";
  tournament.setup.seats = options.per_world;
  for (const std::string& name : options.names) {
    tournament.setup.competitors.push_back({.name = name, .type = "idle", .parameters = {}});
  }
  return tournament;
}

Cause cause_of(TaskIndex task) {
  constexpr Cause kCauses[] = {Cause::crashed, Cause::timed_out, Cause::world_error,
                               Cause::stalled};
  return kCauses[unit(task, 9) < 0.6 ? 0 : 1 + task % 3];
}

std::string detail_of(Cause cause, TaskIndex task) {
  switch (cause) {
    case Cause::crashed:
      return "signal 11 (SIGSEGV)";
    case Cause::timed_out:
      return "no result after 900 s";
    case Cause::stalled:
      return "no progress for 60 s (spinning)";
    default:
      return fmt::format("negotiation <{}> & \"contract\" broke: 'price' < 0", task % 5);
  }
}

}  // namespace

CourseRecord::CourseRecord(const CourseOptions& options)
    : options_(options), tournament_(tournament_of(options)), plan_(tournament_.shape) {}

bool CourseRecord::fails(TaskIndex task) const {
  return options_.fail_every > 0 && task % options_.fail_every == options_.fail_every / 2;
}

bool CourseRecord::is_given_up(TaskIndex task) const {
  return fails(task) && task / options_.fail_every < options_.quarantined;
}

journal::UnixMillis CourseRecord::moment(TaskIndex task) const {
  const auto passed = static_cast<journal::UnixMillis>((task / options_.slots + 1) * kMeanMillis);
  return kBegin + passed + (task >= played() / 2 ? kPause : 0);
}

double CourseRecord::score(TaskIndex task, std::uint32_t competitor) const {
  const double strength = 1 - 0.05 * static_cast<double>(competitor);
  double noise = -2;
  for (std::uint64_t i = 0; i < 4; ++i) noise += unit(task * 64 + competitor, i);
  const bool is_freak = task % 211 == 5 && competitor == 1;
  return strength + 0.3 * noise + (is_freak ? 12 : 0);
}

void CourseRecord::for_each_result(
    const std::function<void(const journal::ResultRow&)>& visit) const {
  std::vector<std::uint32_t> seats;
  std::string bytes;
  for (TaskIndex task = 0; task < played(); ++task) {
    if (is_given_up(task)) continue;
    WorldResult result;
    plan_.seats(plan_.cell(task), seats);
    for (const std::uint32_t seat : seats) {
      result.seats.push_back({.agent_name = "", .score = score(task, seat)});
    }
    bytes.clear();
    encode_result(result, bytes);
    const double millis =
        kMeanMillis * (0.3 + 0.7 * unit(task, 7)) * (unit(task, 8) < 0.02 ? 0.01 : 1);
    journal::ResultRow row;
    row.task = task;
    row.attempt = fails(task) ? 2 : 1;
    row.played = Duration(static_cast<std::int64_t>(millis * 1e6));
    row.encoded = bytes;
    if (options_.with_moments) {
      row.slot = static_cast<SlotIndex>(task % options_.slots);
      row.at = moment(task);
    }
    visit(row);
  }
}

void CourseRecord::for_each_failed_attempt(
    const std::function<void(const journal::FailedAttempt&)>& visit) const {
  std::vector<std::uint32_t> seats;
  for (TaskIndex task = 0; task < played(); ++task) {
    if (!fails(task)) continue;
    plan_.seats(plan_.cell(task), seats);
    const AttemptNumber attempts = is_given_up(task) ? 3 : 1;
    for (AttemptNumber attempt = 1; attempt <= attempts; ++attempt) {
      journal::FailedAttempt row;
      row.task = task;
      row.attempt = attempt;
      row.cause = cause_of(task);
      row.detail = detail_of(row.cause, task);
      row.slot = static_cast<SlotIndex>(task % options_.slots);
      row.epoch = attempt;
      row.played = std::chrono::milliseconds(120);
      row.at = moment(task) - 150 + 30 * attempt;
      row.log = fmt::format("attempts/{}.{}.log", task, attempt);
      if (row.cause != Cause::world_error) {
        row.stack = fmt::format("attempts/{}.{}.stack", task, attempt);
      }
      if (row.cause == Cause::world_error) row.culprit = seats.front();
      visit(row);
    }
  }
}

std::vector<journal::QuarantineRow> CourseRecord::quarantined() const {
  std::vector<journal::QuarantineRow> rows;
  for (TaskIndex task = 0; task < played(); ++task) {
    if (is_given_up(task)) rows.push_back({.task = task, .cause = cause_of(task)});
  }
  return rows;
}

std::vector<journal::Session> CourseRecord::sessions() const {
  journal::Session first;
  first.number = 1;
  first.started = kBegin;
  first.workers = static_cast<std::uint32_t>(options_.slots);
  first.containment = "mark";
  journal::Session second = first;
  second.number = 2;
  second.started = moment(played() / 2) - static_cast<journal::UnixMillis>(kMeanMillis);
  second.ended = moment(std::max<TaskIndex>(played(), 1) - 1) + 20;
  second.ending = options_.unplayed > 0 ? "interrupted" : "finished";
  return {first, second};
}

std::vector<journal::WorkerEnd> CourseRecord::deaths() const {
  std::vector<journal::WorkerEnd> ends;
  std::vector<Epoch> epochs(options_.slots, 1);
  for_each_failed_attempt([&](const journal::FailedAttempt& row) {
    if (row.cause == Cause::world_error) return;
    journal::WorkerEnd end;
    end.slot = row.slot;
    end.epoch = epochs[row.slot]++;
    end.at = row.at;
    end.lost = true;
    end.ending = row.cause == Cause::crashed ? "signal 11 (SIGSEGV)" : "signal 9 (SIGKILL)";
    end.cause = row.cause;
    ends.push_back(end);
  });
  return ends;
}

std::vector<journal::WorkerStart> CourseRecord::worker_starts() const {
  std::vector<journal::WorkerStart> starts;
  for (SlotIndex slot = 0; slot < options_.slots; ++slot) {
    starts.push_back({.slot = slot, .epoch = 1, .pid = 100, .at = kBegin});
  }
  for (const journal::WorkerEnd& end : deaths()) {
    starts.push_back({.slot = end.slot, .epoch = end.epoch + 1, .pid = 101, .at = end.at + 20});
  }
  return starts;
}

std::vector<journal::WorkerEnd> CourseRecord::worker_ends() const { return deaths(); }

void CourseRecord::write_files(const std::filesystem::path& dir) const {
  std::filesystem::create_directories(dir / "attempts");
  std::size_t written = 0;
  for_each_failed_attempt(
      [&](const journal::FailedAttempt& row) {
        if (++written > 300) return;
        std::ofstream(dir / row.log)
            << "step 12 of 200\n\033[31mfree(): <b>invalid</b> pointer\033[0m\n";
        if (row.stack.empty()) return;
        std::ofstream stack(dir / row.stack);
        stack << "thread 1 \"joust-worker\" (running)\n";
        for (int frame = 0; frame < 250; ++frame) {
          stack << fmt::format("  #{:<3} 0x{:012x} std::vector<int>::at(unsigned long)+0x{:x}\n",
                               frame, 0x7f00deadbeef + frame * 16, frame);
        }
      });
  std::ofstream events(dir / "events.jsonl");
  for (const journal::Session& session : sessions()) {
    const journal::UnixMillis end = session.ended.value_or(moment(played() / 2 - 1));
    for (journal::UnixMillis at = session.started; at < end; at += 1000) {
      const double share =
          static_cast<double>(at - session.started) /
          static_cast<double>(std::max<journal::UnixMillis>(1, end - session.started));
      events << fmt::format(
          "{{\"at\": {}, \"event\": \"sample\", \"session\": {}, \"done\": {}, \"failed\": 0, "
          "\"running\": {}, \"rss_bytes\": {}, \"available_bytes\": {}, \"load\": {:.2f}}}\n",
          at, session.number, static_cast<std::uint64_t>(share * static_cast<double>(played()) / 2),
          options_.slots, static_cast<std::uint64_t>((80 + 150 * share) * 1048576),
          static_cast<std::uint64_t>((6 - share) * 1073741824),
          static_cast<double>(options_.slots) * (1 - std::exp(-5 * share)));
    }
  }
}

}  // namespace joust::test
