#include "worker/worlds/command/placeholders.hpp"

#include <fmt/format.h>

#include "worker/worlds/command/messages.hpp"

namespace joust::worlds::command {

Placeholders placeholders_of(const WorldSetup& setup, const WorldTask& task,
                             AttemptNumber attempt) {
  Placeholders values = {{"task", std::to_string(task.index)},
                         {"attempt", std::to_string(attempt)},
                         {"seed", std::to_string(portable_seed(task.seed))},
                         {"config_seed", std::to_string(portable_seed(task.config_seed))},
                         {"config", std::to_string(task.config)},
                         {"set", std::to_string(task.set)},
                         {"rotation", std::to_string(task.rotation)},
                         {"run", std::to_string(task.run)}};
  for (std::size_t seat = 0; seat < task.seats.size(); ++seat) {
    const Competitor& competitor = setup.competitors.at(task.seats[seat]);
    values[fmt::format("name{}", seat)] = competitor.name;
    values[fmt::format("type{}", seat)] = competitor.type;
  }
  return values;
}

std::string replace_placeholders(std::string_view text, const Placeholders& values) {
  std::string out;
  for (;;) {
    const std::size_t at = text.find("${");
    if (at == std::string_view::npos) return out.append(text);
    if (at > 0 && text[at - 1] == '$') {
      out.append(text.substr(0, at - 1)).append("${");
      text.remove_prefix(at + 2);
      continue;
    }
    out.append(text.substr(0, at));
    text.remove_prefix(at + 2);
    const std::size_t end = text.find('}');
    const std::string_view name = text.substr(0, end);
    const auto value = end == std::string_view::npos ? values.end() : values.find(name);
    if (value == values.end()) {
      std::string known;
      for (const auto& entry : values) known += (known.empty() ? "${" : ", ${") + entry.first + "}";
      throw SetupError(
          fmt::format("there is no placeholder ${{{}}}; there are {}; write $${{ for "
                      "a plain ${{",
                      name, known));
    }
    out.append(value->second);
    text.remove_prefix(end + 1);
  }
}

}  // namespace joust::worlds::command
