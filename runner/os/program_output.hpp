#pragma once
// What another program prints, read without waiting for it.

#include <string>

#include "common/time.hpp"
#include "common/unique_fd.hpp"

namespace joust::os {

// A pipe whose reading end does not block, and whose writing end does, as programs expect.
struct OutputPipe {
  UniqueFd read;
  UniqueFd write;
};
// Throws std::system_error.
OutputPipe make_output_pipe();

// Appends what can be read now, until there are more than `most` bytes. False: nothing more is
// wanted, or will come.
bool drain(int fd, std::string& into, std::size_t most);

// For poll(2): 0 when it has passed, and at most some minutes.
int milliseconds_until(TimePoint end);

}  // namespace joust::os
