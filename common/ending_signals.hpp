#pragma once
// The signals by which users and batch systems end a program.

#include <signal.h>

namespace joust {

// SIGINT, SIGTERM and SIGHUP, but those that are ignored (nohup): such a one comes all the same
// where it is blocked.
sigset_t ending_signals();

// Whether one of them is pending: it came while it was blocked.
bool ending_signal_is_pending();

// Blocks them in this thread while it lives. What came meanwhile has its effect when it is gone.
class EndingSignalsBlocked {
 public:
  EndingSignalsBlocked();
  ~EndingSignalsBlocked();
  EndingSignalsBlocked(const EndingSignalsBlocked&) = delete;
  EndingSignalsBlocked& operator=(const EndingSignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace joust
