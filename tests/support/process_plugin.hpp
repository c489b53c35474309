#pragma once
// The plugins of tests/plugins, and specs that name one.

#include <fmt/format.h>

#include <string>

namespace joust::test {

// The file that tests/plugins/NAME.cpp is built into.
inline std::string library(const std::string& name) {
  return fmt::format("{}/lib{}.so", JOUST_PLUGIN_DIR, name);
}

// A spec of ten worlds; the plugin stands in line 5, column 10.
inline std::string plugin_toml(const std::string& plugin, const std::string& of_world = "",
                               const std::string& of_workers = "count = 2") {
  return fmt::format(
      "[tournament]\nname = \"t\"\n\n[world]\nplugin = \"{}\"\n{}\n"
      "[[competitor]]\ntype = \"Any\"\nname = \"Ann\"\n"
      "[[competitor]]\ntype = \"Any\"\nname = \"Bob\"\n[workers]\n{}\n",
      plugin, of_world, of_workers);
}

}  // namespace joust::test
