#pragma once
// An eventfd used as a doorbell: ringing is idempotent, waiting consumes all rings.

#include <sys/eventfd.h>

#include <cerrno>
#include <cstdint>

#include "common/unique_fd.hpp"

namespace joust {

// Makes the waiter on `fd` return. Never blocks: a bell that rings already is left alone.
inline void ring_bell(int fd) {
  const std::uint64_t one = 1;
  while (::write(fd, &one, sizeof(one)) < 0 && errno == EINTR) {
  }
}

// Blocks until the bell rings (or, for a non-blocking descriptor, returns at once); silences it.
inline void wait_for_bell(int fd) {
  std::uint64_t rings = 0;
  while (::read(fd, &rings, sizeof(rings)) < 0 && errno == EINTR) {
  }
}

}  // namespace joust
