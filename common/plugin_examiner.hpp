#pragma once
// How a plugin (a shared library that is a world, or has agents) is looked at before it plays: in a
// process of its own, because code of a stranger may crash, hang or end whoever loads it.

#include <stdexcept>
#include <string>
#include <vector>

#include "common/time.hpp"

namespace joust {

// What is wrong with a plugin, as the rest of a sentence that begins with its name: "has no symbol
// 'joust_plugin_entry': ...".
struct PluginError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class PluginExaminer {
 public:
  // What the process that loads the plugin is given.
  struct Allowance {
    Duration deadline = std::chrono::seconds(10);
    std::vector<std::string> env_allow;  // variables that it inherits beyond the usual, by name
  };

  virtual ~PluginExaminer() = default;

  // What a library is looked at for. `either`: the world, where it is one, or else the agents.
  enum class Kind { world, agents, either };

  // What the library declares, as decode_world_type() or decode_agent_types() reads it
  // (common/world_description.hpp). Throws PluginError.
  virtual std::string describe(const std::string& library, Kind kind,
                               const Allowance& allowance) const = 0;

  // Makes a world of this brief (encode_brief()), with an agent of each competitor, and destroys
  // it. Throws PluginError, also when the world or an agent refuses what the brief says.
  virtual void check(const std::string& brief, const Allowance& allowance) const = 0;
};

}  // namespace joust
