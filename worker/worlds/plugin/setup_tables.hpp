#pragma once
// A tournament's setup in the plugin's types. What it points to lies here and in the WorldSetup.

#include <deque>
#include <vector>

#include "common/world.hpp"
#include "worker/worlds/plugin/include/joust/plugin.h"

namespace joust::worlds::plugin {

// Lists of named values. What they point to lies here and in the Parameters.
class ValueTables {
 public:
  using Values = std::vector<joust_named_value>;

  ValueTables() = default;
  ValueTables(const ValueTables&) = delete;
  ValueTables& operator=(const ValueTables&) = delete;

  // Stays where it is. Throws SetupError when the values are not of the declared parameters.
  // REQUIRES: the values outlive the tables.
  const Values& add(const Parameters& values, const std::vector<ParameterInfo>& declared);

 private:
  joust_value value(const ParameterInfo& declared, const ParameterValue& value);

  std::deque<Values> tables_;                  // where they are, they stay
  std::deque<std::vector<joust_text>> texts_;  // of lists
};

class SetupTables {
 public:
  // `type` is what the plugin declares now. Throws SetupError when the setup is not of it: the
  // plugin is another one than when the spec was read. REQUIRES: `setup` outlives the tables.
  SetupTables(const WorldSetup& setup, const WorldType& type);
  SetupTables(const SetupTables&) = delete;
  SetupTables& operator=(const SetupTables&) = delete;

  const joust_setup& setup() const { return setup_; }

 private:
  ValueTables tables_;
  std::vector<joust_competitor> competitors_;
  joust_setup setup_{};
};

}  // namespace joust::worlds::plugin
