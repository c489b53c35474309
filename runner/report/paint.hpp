#pragma once
// Colours of a terminal, or none. Whether to use them is the caller's decision (terminal,
// NO_COLOR).

#include <string>
#include <string_view>

namespace joust::report {

class Paint {
 public:
  explicit Paint(bool on) : on_(on) {}

  std::string bold(std::string_view text) const { return wrapped("\033[1m", text); }
  std::string dim(std::string_view text) const { return wrapped("\033[2m", text); }
  std::string good(std::string_view text) const { return wrapped("\033[32m", text); }
  std::string alarm(std::string_view text) const { return wrapped("\033[31m", text); }

 private:
  std::string wrapped(std::string_view code, std::string_view text) const {
    if (!on_ || text.empty()) return std::string(text);
    return std::string(code).append(text).append("\033[0m");
  }

  bool on_;
};

}  // namespace joust::report
