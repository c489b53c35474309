#pragma once
// What a world in C++ says of itself: its parameters, its competitor types. Included by
// joust/world.hpp.

#include <joust/plugin.h>
#include <joust/parameters.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace joust {
inline namespace plugin_abi_1 {

// What a world says of itself: see joust worlds LIBRARY.
class Declaration {
 public:
  Declaration(std::string name, std::string summary) {
    plugin_.abi_version = JOUST_PLUGIN_ABI;
    plugin_.struct_size = sizeof(joust_plugin);
    plugin_.name = keep(std::move(name));
    plugin_.summary = keep(std::move(summary));
    plugin_.min_seats = plugin_.max_seats = plugin_.default_seats = 2;
  }

  // Competitors per world: two, if this is not called.
  void seats(std::uint32_t least, std::uint32_t most, std::uint32_t by_default) {
    plugin_.min_seats = least;
    plugin_.max_seats = most;
    plugin_.default_seats = by_default;
  }

  void parameter(Parameter parameter) { parameters_.push_back(texts_.c_form(parameter)); }

  void competitor(std::string name, std::string summary, std::vector<Parameter> parameters = {}) {
    const std::vector<joust_parameter>& own = texts_.c_list(parameters);
    competitors_.push_back(
        {keep(std::move(name)), keep(std::move(summary)), own.data(), own.size()});
  }

  // For JOUST_PLUGIN: valid as long as this object is neither changed nor moved.
  joust_plugin& c_form() {
    plugin_.parameters = parameters_.data();
    plugin_.parameter_count = parameters_.size();
    plugin_.competitor_types = competitors_.data();
    plugin_.competitor_type_count = competitors_.size();
    return plugin_;
  }

 private:
  const char* keep(std::string text) { return texts_.keep(std::move(text)); }

  joust_plugin plugin_{};
  std::vector<joust_parameter> parameters_;
  std::vector<joust_competitor_type> competitors_;
  detail::ParameterTexts texts_;
};

}  // namespace plugin_abi_1
}  // namespace joust
