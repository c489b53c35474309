#pragma once
// An eventfd used as a doorbell: ringing is idempotent, waiting consumes all rings.

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>

#include "common/unique_fd.hpp"

namespace joust {

// Makes the waiter on `fd` return. Never blocks: a bell that rings already (EAGAIN) is left alone.
// Any other failure would be a lost wake-up, so it is tried again.
inline void ring_bell(int fd) {
  constexpr int kTries = 1000;
  const std::uint64_t one = 1;
  for (int i = 0; i < kTries && ::write(fd, &one, sizeof(one)) < 0 && errno != EAGAIN; ++i) {
  }
}

// Blocks until the bell rings (or, for a non-blocking descriptor, returns at once); silences it.
inline void wait_for_bell(int fd) {
  std::uint64_t rings = 0;
  while (::read(fd, &rings, sizeof(rings)) < 0 && errno == EINTR) {
  }
}

// A new bell, -1 (with errno) when there can be none. `flags`: EFD_NONBLOCK or 0.
inline UniqueFd make_bell(int flags) { return UniqueFd(::eventfd(0, EFD_CLOEXEC | flags)); }

}  // namespace joust
