#include "worker/worlds/program/line_channel.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace joust::worlds::program {
namespace {

constexpr std::size_t kChunk = 4 << 10;
constexpr std::size_t kKept = 1 << 20;  // of memory, between lines

using Clock = std::chrono::steady_clock;

// What there is to wait for, and no longer than that; nothing: for ever.
enum class Wake { possible, ended, late };

Wake wait_for(int fd, int end_fd, std::optional<Clock::time_point> deadline, short event = POLLIN) {
  for (;;) {
    std::array<pollfd, 2> watched{{{fd, event, 0}, {end_fd, POLLIN, 0}}};
    int patience = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now());
      patience = static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }
    const int ready = ::poll(watched.data(), watched.size(), patience);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Wake::late;
    return watched[0].revents != 0 ? Wake::possible : Wake::ended;
  }
}

}  // namespace

bool LineChannel::take_line() {
  const std::size_t end = buffer_.find('\n', searched_);
  searched_ = buffer_.size();
  if (end == std::string::npos) return false;
  line_ = std::string_view(buffer_).substr(begin_, end - begin_);
  begin_ = searched_ = end + 1;
  return true;
}

LineChannel::Outcome LineChannel::read(std::optional<Duration> at_most) {
  std::optional<Clock::time_point> deadline;
  if (at_most) deadline = Clock::now() + *at_most;
  while (!take_line()) {
    forget_lines();
    if (buffer_.size() > max_line_) return Outcome::too_long;
    const Wake wake = wait_for(read_fd_, end_fd_, deadline);
    if (wake == Wake::late) return Outcome::late;
    if (wake == Wake::ended || !take_more()) return Outcome::closed;
  }
  return line_.size() > max_line_ ? Outcome::too_long : Outcome::line;
}

// Drops what was taken, and the memory of a line that was much larger than most.
void LineChannel::forget_lines() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  searched_ = buffer_.size();
  if (buffer_.empty() && buffer_.capacity() > kKept) buffer_.shrink_to_fit();
}

// False: nothing more will come.
bool LineChannel::take_more() {
  const std::size_t had = buffer_.size();
  // twice as much each time, so that a long line is not moved about at every chunk
  buffer_.resize(had + std::max(kChunk, had));
  ssize_t got = 0;
  do {
    got = ::read(read_fd_, buffer_.data() + had, buffer_.size() - had);
  } while (got < 0 && errno == EINTR);
  buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0;
}

bool LineChannel::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(write_fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

LineChannel::Written LineChannel::write_within(std::string_view text, Duration at_most) const {
  const Clock::time_point deadline = Clock::now() + at_most;
  while (!text.empty()) {
    const ssize_t written = ::write(write_fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      const Wake wake = wait_for(write_fd_, end_fd_, deadline, POLLOUT);
      if (wake != Wake::possible) return wake == Wake::late ? Written::late : Written::closed;
    } else if (errno != EINTR) {
      return Written::closed;
    }
  }
  return Written::all;
}

}  // namespace joust::worlds::program
