#include "runner/doctor/ask_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <system_error>

#include "common/text.hpp"
#include "runner/core/events.hpp"
#include "runner/os/clock.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOutput = 64 << 10;

int milliseconds_until(TimePoint end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - os::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

// Appends what can be read now. False: nothing more is wanted, or will come.
bool drain(int fd, std::string& into) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count == 0) return false;
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    into.append(buffer.data(), static_cast<std::size_t>(count));
    if (into.size() > kMostOutput) return false;
  }
}

// Reads until the process has ended. Nothing: it did not in time, and was killed.
std::optional<core::ProcessEnd> listen(const os::ChildProcess& child, int fd, TimePoint until,
                                       std::string& output) {
  bool is_open = true;
  for (;;) {
    std::array<pollfd, 2> watched = {
        {{child.pidfd.get(), POLLIN, 0}, {is_open ? fd : -1, POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), milliseconds_until(until));
    const bool has_ended = watched[0].revents != 0;  // before the reading: nothing comes after it
    if (is_open) is_open = drain(fd, output);
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
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    answer.trouble = fmt::format("no pipe: {}", std::generic_category().message(errno));
    return answer;
  }
  const UniqueFd read_end(fds[0]);
  UniqueFd write_end(fds[1]);
  ::fcntl(write_end.get(), F_SETFL, 0);  // blocks, as a program expects
  try {
    const os::ChildProcess child = spawner.start_helper(program, arguments, write_end.get());
    write_end.reset();
    const auto end = listen(child, read_end.get(), os::now() + limit, answer.output);
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

fs::path find_in_path(const std::string& program, const std::string& path) {
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    fs::path file = fs::path(folder) / program;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

}  // namespace joust::doctor
