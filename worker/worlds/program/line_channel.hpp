#pragma once
// Lines over two descriptors, with a limit on their length and deadlines. Not thread-safe.

#include <optional>
#include <string>
#include <string_view>

#include "common/time.hpp"

namespace joust::worlds::program {

class LineChannel {
 public:
  enum class Outcome {
    line,      // line() holds it, without its end
    closed,    // the other side has closed its end, or has ended; half a line is dropped
    too_long,  // more than max_line bytes without an end
    late,      // the deadline passed
  };

  // Owns no descriptor. `end_fd` becomes readable when the other side has ended (what it started
  // may hold the pipe open); -1: there is none.
  LineChannel(int read_fd, int write_fd, int end_fd, std::size_t max_line)
      : read_fd_(read_fd), write_fd_(write_fd), end_fd_(end_fd), max_line_(max_line) {}

  // Waits for the next line, no longer than that; nothing: for ever.
  Outcome read(std::optional<Duration> at_most = std::nullopt);
  std::string_view line() const { return line_; }  // valid until the next read()

  // Whether all of it could be written. `text` ends with the line's end.
  bool write(std::string_view text) const;

  // The same for no longer than that, to one that may not read. REQUIRES: write_fd does not block.
  enum class Written { all, closed, late };
  Written write_within(std::string_view text, Duration at_most) const;

 private:
  bool take_line();
  bool take_more();
  void forget_lines();

  int read_fd_;
  int write_fd_;
  int end_fd_;
  std::size_t max_line_;
  std::string buffer_;  // what was read; from `begin_` on it was not taken yet
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;  // before this there is no end of a line
  std::string_view line_;
};

}  // namespace joust::worlds::program
