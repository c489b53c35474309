#pragma once
// Room for signal handlers. A thread whose stack has overflown has none, and the kernel ends its
// process without a word.

#include <signal.h>

#include <memory>

namespace joust {

// Gives the calling thread an alternate stack for as long as the object lives. A world that starts
// threads makes one first in each of them, so that the worker's crash handler can tell of an
// overflow there; the worker does so for the thread that plays. Does nothing in builds with
// sanitizers, which see to that themselves.
// REQUIRES: destroyed by the thread that made it.
class AlternateStack {
 public:
  AlternateStack();
  ~AlternateStack();
  AlternateStack(const AlternateStack&) = delete;
  AlternateStack& operator=(const AlternateStack&) = delete;

 private:
  std::unique_ptr<char[]> memory_;
  stack_t before_{};
};

}  // namespace joust
