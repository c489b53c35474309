#pragma once
// The last things that happened in a story, for people who must find out why it went wrong.

#include <fmt/format.h>

#include <deque>
#include <string>

#include "common/time.hpp"

namespace joust::sim {

class Trace {
 public:
  explicit Trace(bool enabled) : enabled_(enabled) {}

  template <class... Args>
  void add(TimePoint now, fmt::format_string<Args...> format, Args&&... args) {
    if (!enabled_) return;
    constexpr std::size_t kKept = 200;
    if (lines_.size() == kKept) lines_.pop_front();
    lines_.push_back(
        fmt::format("{:14.6f} ", std::chrono::duration<double>(now.time_since_epoch()).count()) +
        fmt::format(format, std::forward<Args>(args)...));
  }

  std::string text() const {
    std::string text;
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }

 private:
  bool enabled_;
  std::deque<std::string> lines_;
};

}  // namespace joust::sim
