#pragma once
// The signals that end a watch, from now on only between two looks.

#include <signal.h>

#include <ctime>

#include "common/ending_signals.hpp"

namespace joust::cli {

class EndSignals {
 public:
  EndSignals() { ::pthread_sigmask(SIG_BLOCK, &set_, nullptr); }
  // Waits that long; false when somebody wants us to end.
  bool none_for(std::time_t seconds) const {
    const timespec time{seconds, 0};
    return ::sigtimedwait(&set_, nullptr, &time) < 0;
  }

 private:
  sigset_t set_ = ending_signals();
};

}  // namespace joust::cli
