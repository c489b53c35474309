#pragma once
// Which names a spec may give.

#include <string>
#include <string_view>
#include <vector>

#include "common/world.hpp"

namespace joust::spec {

// What is wrong with the name of a tournament (it names folders and files); empty: nothing.
std::string tournament_name_fault(std::string_view name);

// What is wrong with the name of a competitor (it stands in tables and reports); empty: nothing.
// REQUIRES: valid UTF-8.
std::string competitor_name_fault(std::string_view name);

// What readers of the tables would make of these names together; empty: nothing to warn of.
std::string competitor_names_warning(const std::vector<Competitor>& competitors);

// The name as a part of a dotted TOML key: Ann, or "A. N. Other" in quotes.
std::string dotted_key_part(std::string_view name);

}  // namespace joust::spec
