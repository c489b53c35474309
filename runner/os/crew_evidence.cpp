// What is kept of workers and their worlds: what they printed, and where they were.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "runner/os/attempt_file.hpp"
#include "runner/os/crew.hpp"
#include "runner/report/printable.hpp"

namespace joust::os {
namespace {

constexpr std::size_t kOutputPerTurn = 256 << 10;
// A pipe holds far less, unless a child writes on.
constexpr std::size_t kOutputAfterDeath = 4 << 20;

std::string stack_name(TaskIndex task, AttemptNumber attempt) {
  return fmt::format("{}.{}.stack", task, attempt);
}

}  // namespace

void Crew::read_pipe(LiveWorker& worker, std::size_t budget) {
  std::array<char, 16384> buffer{};
  const LeaseOrdinal begun = begun_ordinal(worker.channel.progress());
  while (budget > 0) {
    const ssize_t got =
        ::read(worker.child.pipe.get(), buffer.data(), std::min(buffer.size(), budget));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      worker.output_waits = false;
      if (got < 0) {
        worker.output.caught_up(begun);
        worker.output_watch->resume();
      }
      return;
    }
    worker.output.feed({buffer.data(), static_cast<std::size_t>(got)}, begun);
    budget -= static_cast<std::size_t>(got);
  }
}

void Crew::read_output(LiveWorker& worker) {
  if (worker.output_waits) read_pipe(worker, kOutputPerTurn);
}

void Crew::read_rest_of_output(LiveWorker& worker) { read_pipe(worker, kOutputAfterDeath); }

std::string Crew::save_output(const core::RecordFailure& failure) {
  LiveWorker* worker = find(failure.worker);
  if (worker == nullptr || setup_.attempts_dir.empty()) return {};
  read_pipe(*worker, kOutputPerTurn);
  const std::string text = worker->output.text_of(failure.ordinal);
  if (text.empty()) return {};
  const std::string name = fmt::format("{}.{}.log", failure.task, failure.attempt);
  return write_attempt_file(setup_.attempts_dir / name, text) ? in_run_directory(name) : "";
}

std::string Crew::in_run_directory(const std::string& name) const {
  return fmt::format("{}/{}", setup_.attempts_dir.filename().string(), name);
}

bool Crew::take_stacks(const core::TakeStacks& wanted) {
  LiveWorker* worker = find(wanted.worker);
  if (worker == nullptr || worker->gone || setup_.attempts_dir.empty()) return false;
  const std::string name = stack_name(wanted.task, wanted.attempt);
  if (!examiner_.take_stacks(worker->id, worker->child.pid, setup_.attempts_dir / name)) {
    return false;
  }
  worker->stack = name;
  return true;
}

std::string Crew::save_stacks(const core::RecordFailure& failure) {
  LiveWorker* worker = find(failure.worker);
  if (worker == nullptr || setup_.attempts_dir.empty()) return {};
  const std::string name = stack_name(failure.task, failure.attempt);
  if (worker->stack == name) {
    worker->stack.clear();
    return in_run_directory(name);
  }
  return failure.cause == Cause::crashed ? save_crash_record(*worker, name) : "";
}

std::string Crew::save_crash_record(const LiveWorker& worker, const std::string& name) {
  const std::string record = worker.channel.black_box();
  // a world may have scribbled there
  if (!record.starts_with("joust crash record ")) return {};
  if (!write_attempt_file(setup_.attempts_dir / name, record)) return {};
  examiner_.name_functions(setup_.attempts_dir / name);
  return in_run_directory(name);
}

std::string_view Crew::print_stacks() {
  std::vector<int> pids;
  for (const LiveWorker* worker : live_) {
    if (!worker->gone && worker->stack.empty()) pids.push_back(worker->child.pid);
  }
  return examiner_.print_stacks(pids);
}

// The last lines that are not empty.
std::string Crew::last_words(const LiveWorker& worker) {
  constexpr std::size_t kWidest = 400;
  constexpr std::size_t kLines = 3;
  std::string text = worker.output.text_of(0);
  std::string words;
  for (std::size_t line = 0; line < kLines; ++line) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    if (text.empty()) break;
    const std::size_t begin = text.find_last_of("\r\n") + 1;  // 0 when it is the first line
    std::string longer = report::printable(text.substr(begin));
    if (!words.empty()) longer.append(" / ").append(words);
    words = std::move(longer);
    text.erase(begin);
  }
  return report::clip(words, kWidest);
}

}  // namespace joust::os
