#include "worker/worlds/command/line_channel.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace joust::worlds::command {
namespace {

constexpr std::size_t kChunk = 64 << 10;

using Clock = std::chrono::steady_clock;

// Whether there is something to read before that moment.
bool wait_readable(int fd, Clock::time_point deadline) {
  pollfd watched{fd, POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const int ready =
        ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
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
  const auto deadline = Clock::now() + at_most.value_or(Duration::zero());
  while (!take_line()) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched_ = buffer_.size();
    if (buffer_.size() > max_line_) return Outcome::too_long;
    if (at_most && !wait_readable(read_fd_, deadline)) return Outcome::late;
    if (!take_more()) return Outcome::closed;
  }
  return line_.size() > max_line_ ? Outcome::too_long : Outcome::line;
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

}  // namespace joust::worlds::command
