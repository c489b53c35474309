#include "worker/worlds/agents/agent_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <cerrno>
#include <chrono>

#include "common/own_programs.hpp"
#include "common/text.hpp"
#include "worker/worlds/agents/messages.hpp"
#include "worker/worlds/program/program_environment.hpp"

namespace joust::worlds::agents {
namespace {

using program::LineChannel;
using Outcome = LineChannel::Outcome;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLongestAnswer = 1 << 20;
// From closing its pipe to the news of its end: most often a moment.
constexpr Duration kUntilItsEnd = std::chrono::seconds(1);
// While it is waited for: whether it is stopped. One that is so twice in a row stays so.
constexpr Duration kBetweenLooks = std::chrono::milliseconds(500);

// The program for agents of joust's own types, or of the library.
std::vector<std::string> host_command(const std::string& library) {
  const char* name = library.empty() ? "joust-worker" : "joust-plugin-worker";
  const std::filesystem::path program = find_own_program(name);
  if (program.empty()) {
    throw WorldFailure(Cause::launch_failed,
                       fmt::format("{}, which plays {} agents, was not found: install joust again",
                                   name, library.empty() ? "built-in" : "a library's"));
  }
  std::vector<std::string> command = {program.string(), "--agent"};
  if (!library.empty()) command.push_back(library);
  return command;
}

// What the machine has too little of at the moment.
bool is_shortage(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

program::ChildProcess start(const Competitor& competitor) {
  const AgentSetup& setup = competitor.agent;
  ::signal(SIGPIPE, SIG_IGN);  // an agent may close its pipe at any time
  const bool is_ours = !setup.is_own_program();
  CommandSetup program = setup.program;
  if (is_ours) {
    program.command = host_command(competitor.plugin);
    program.folder = "/";
  }
  try {
    return {program, program.command, program::program_environment(program),
            program::Pipes::messages};
  } catch (const program::CannotStart& error) {
    if (is_ours || is_shortage(error.error_number)) throw;
    throw AgentFailure(error.what(), false);
  }
}

// An agent that does not read must not stop us.
int not_blocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  return fd;
}

}  // namespace

AgentProcess::AgentProcess(const WorldSetup& setup, const Competitor& competitor,
                           std::string_view parameters, Duration left)
    : setup_(competitor.agent),
      process_(start(competitor)),
      lines_(process_.read_fd(), not_blocking(process_.write_fd()), process_.pidfd(),
             kLongestAnswer) {
  wait_until_ready(setup_line(setup, competitor, parameters), left);
}

// Writes a line and reads the next one, whatever it is. One that could not be written to is found
// out in reading: what it wrote before its end counts first.
Outcome AgentProcess::exchange(std::string_view line, Duration deadline) {
  const auto until = Clock::now() + deadline;
  if (lines_.write_within(line, deadline) == LineChannel::Written::late) return Outcome::late;
  bool was_stopped = false;
  for (;;) {
    const Duration left = std::max(Duration::zero(), Duration(until - Clock::now()));
    const Outcome outcome = lines_.read(std::min(left, kBetweenLooks));
    if (outcome != Outcome::late || left <= kBetweenLooks) return outcome;
    fail_if_it_stays_stopped(was_stopped);
  }
}

// The supervisor would take the whole world for frozen.
void AgentProcess::fail_if_it_stays_stopped(bool& was_stopped) const {
  const bool is_stopped = process_.is_stopped();
  if (is_stopped && was_stopped) throw AgentFailure("a signal has stopped it", false);
  was_stopped = is_stopped;
}

void AgentProcess::fail_without_time() const {
  throw AgentFailure(fmt::format("its time for a world, {} (time_budget), is used up",
                                 format_duration(setup_.time_budget)),
                     false);
}

void AgentProcess::wait_until_ready(const std::string& setup_line, Duration left) {
  const Duration deadline = setup_.program.start_timeout;
  switch (exchange(setup_line, std::min(deadline, left))) {
    case Outcome::line:
      break;
    case Outcome::late:
      if (left < deadline) fail_without_time();
      throw AgentFailure(
          fmt::format("not ready within {} (start_timeout)", format_duration(deadline)), false);
    case Outcome::too_long:
      throw AgentFailure("it did not begin with 'ready'", false);
    case Outcome::closed:
      fail_as_it_ended("not ready: ");
  }
  try {
    read_ready(lines_.line());
  } catch (const BadAnswer& error) {
    throw AgentFailure(error.what(), false);
  }
}

// Below 2^53, as all numbers in JSON; a world has fewer than 2^32 calls.
void AgentProcess::begin_world(std::uint64_t seed) { calls_ = (seed % (1U << 20)) << 32; }

std::string_view AgentProcess::call(std::string_view type, std::string_view members,
                                    Duration left) {
  const std::uint64_t n = ++calls_;
  switch (exchange(request_line(type, n, members), std::min(setup_.move_deadline, left))) {
    case Outcome::line:
      break;
    case Outcome::late:
      if (left < setup_.move_deadline) fail_without_time();
      throw AgentFailure(
          fmt::format("no answer within {} (move_deadline)", format_duration(setup_.move_deadline)),
          false);
    case Outcome::too_long:
      throw AgentFailure(fmt::format("an answer of more than {}", format_size(kLongestAnswer)),
                         false);
    case Outcome::closed:
      fail_as_it_ended("");
  }
  std::optional<std::string> error;
  try {
    error = read_error(lines_.line(), n);
  } catch (const BadAnswer& bad) {
    throw AgentFailure(bad.what(), false);
  }
  if (error) throw AgentFailure(*error, true);
  return lines_.line();
}

void AgentProcess::fail_as_it_ended(const char* before) {
  const auto end = process_.wait(kUntilItsEnd);
  throw AgentFailure(before + (end ? describe(*end) : "it closed its pipe and lives on"), false);
}

bool AgentProcess::end_world() {
  return lines_.write_within(end_line(), Duration::zero()) == LineChannel::Written::all;
}

void AgentProcess::ask_to_end() {
  lines_.write_within(shutdown_line(), Duration::zero());
  process_.close_pipes();
}

void AgentProcess::wait_for_end(Duration at_most) { process_.wait(at_most); }

}  // namespace joust::worlds::agents
