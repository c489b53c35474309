#pragma once
// What a world is told that is played in this process: its log goes to standard error, and its
// course, if somebody wants to know, to a trace.

#include <cstdio>

#include "common/world.hpp"

namespace joust::os {

class ConsoleContext : public WorldContext {
 public:
  // `trace` outlives this.
  explicit ConsoleContext(AttemptNumber attempt, WorldTrace* trace = nullptr)
      : attempt_(attempt), trace_(trace) {}
  void progress(std::uint64_t, std::uint64_t) override {}
  bool stop_requested() const override { return false; }
  AttemptNumber attempt() const override { return attempt_; }
  void log(std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
  WorldTrace* trace() override { return trace_; }

 private:
  AttemptNumber attempt_;
  WorldTrace* trace_;
};

}  // namespace joust::os
