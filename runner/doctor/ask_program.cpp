#include "runner/doctor/ask_program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <array>
#include <optional>
#include <system_error>

#include "common/text.hpp"
#include "runner/core/events.hpp"
#include "runner/os/clock.hpp"
#include "runner/os/program_output.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOutput = 64 << 10;

// Reads until the process has ended. Nothing: it did not in time, and was killed.
std::optional<core::ProcessEnd> listen(const os::ChildProcess& child, int fd, TimePoint until,
                                       std::string& output) {
  bool is_open = true;
  for (;;) {
    std::array<pollfd, 2> watched = {
        {{child.pidfd.get(), POLLIN, 0}, {is_open ? fd : -1, POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), os::milliseconds_until(until));
    const bool has_ended = watched[0].revents != 0;  // before the reading: nothing comes after it
    if (is_open) is_open = os::drain(fd, output, kMostOutput);
    if (has_ended) return os::reap(child);
    if (os::now() >= until) break;
  }
  os::kill_tree(child);
  pollfd end{child.pidfd.get(), POLLIN, 0};
  ::poll(&end, 1, 1000);
  os::reap(child);
  return std::nullopt;
}

}  // namespace

Answer ask_program(os::Spawner& spawner, const fs::path& program,
                   const std::vector<std::string>& arguments, Duration limit) {
  Answer answer;
  try {
    os::OutputPipe pipe = os::make_output_pipe();
    const os::ChildProcess child = spawner.start_helper(program, arguments, pipe.write.get());
    pipe.write.reset();
    const auto end = listen(child, pipe.read.get(), os::now() + limit, answer.output);
    answer.is_good = end && !end->by_signal && end->number == 0;
    if (!answer.is_good) {
      answer.trouble = end ? "it ended with " + core::describe(*end)
                           : fmt::format("it did not answer within {}", format_duration(limit));
    }
  } catch (const std::system_error& error) {
    answer.trouble = error.what();
  }
  return answer;
}

}  // namespace joust::doctor
