#pragma once
// joust's functions for a plugin, during one call of it.

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "common/resources.hpp"
#include "common/world.hpp"
#include "worker/worlds/plugin/include/joust/plugin.h"
#include "worker/worlds/plugin/result_builder.hpp"

namespace joust::worlds::plugin {

class Host {
 public:
  struct Failure {
    std::string text;
    std::uint32_t seat;  // JOUST_NO_SEAT: nobody's
  };

  // REQUIRES: all that is given outlives the host.
  Host(Resources& resources, WorldContext& context, ResultBuilder& result);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const joust_host* functions() const { return &functions_; }

  // What fail() was first called with. Throws what one of joust's own functions threw, which cannot
  // pass through the plugin.
  const std::optional<Failure>& failure() const;

 private:
  struct Calls;  // the functions themselves

  void set_failure(std::string_view text, std::uint32_t seat);

  Resources& resources_;
  WorldContext& context_;
  ResultBuilder& result_;
  std::optional<Failure> failure_;
  std::exception_ptr thrown_;
  joust_host functions_;
};

}  // namespace joust::worlds::plugin
