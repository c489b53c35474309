#pragma once
// How a program that is a world is started and understood: what `[world] kind = "command"` says.
// worker/worlds/command/README.md has the protocol.

#include <cstdint>
#include <string>
#include <vector>

#include "common/time.hpp"

namespace joust {

struct CommandSetup {
  std::vector<std::string> command;      // the program and its arguments
  std::string folder;                    // where it is started; absolute
  std::vector<std::string> environment;  // "NAME=value", over what it inherits
  std::vector<std::string> env_allow;    // names of variables that it inherits beyond the usual
  bool one_shot = false;                 // started for each world; knows nothing of the protocol
  std::string scores = "json";           // of a one-shot program's output: json, csv or regex
  std::string score_regex;               // for "regex": its group is a score
  std::uint64_t max_worlds_per_process = 0;  // 0: any number
  std::uint64_t memory_limit = 0;            // bytes, looked at after a world; 0: none
  Duration start_timeout{0};                 // from start to ready
  std::uint64_t max_message = 64 << 20;      // bytes of the longest line that is read
  bool operator==(const CommandSetup&) const = default;
};

}  // namespace joust
