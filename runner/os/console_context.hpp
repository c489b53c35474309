#pragma once
// What a world is told that is played in this process: its log goes to standard error.

#include <cstdio>

#include "common/world.hpp"

namespace joust::os {

class ConsoleContext : public WorldContext {
 public:
  explicit ConsoleContext(AttemptNumber attempt) : attempt_(attempt) {}
  void progress(std::uint64_t, std::uint64_t) override {}
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return attempt_; }
  void log(std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }

 private:
  AttemptNumber attempt_;
};

}  // namespace joust::os
