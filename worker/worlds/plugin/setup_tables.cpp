#include "worker/worlds/plugin/setup_tables.hpp"

#include <algorithm>

namespace joust::worlds::plugin {
namespace {

joust_text text_of(const std::string& text) { return {text.data(), text.size()}; }

struct Filler {
  joust_value& into;
  std::deque<std::vector<joust_text>>& lists;

  void operator()(bool value) const { into.integer = value ? 1 : 0; }
  void operator()(std::int64_t value) const { into.integer = value; }
  void operator()(double value) const { into.real = value; }
  void operator()(const std::string& value) const { into.text = text_of(value); }
  void operator()(const JsonText& value) const { into.text = text_of(value.text); }
  void operator()(const IntegerRange& range) const {
    into.integer = range.low;
    into.integer_high = range.high;
  }
  void operator()(const RealRange& range) const {
    into.real = range.low;
    into.real_high = range.high;
  }
  void operator()(const std::vector<std::string>& values) const {
    std::vector<joust_text>& list = lists.emplace_back();
    for (const std::string& value : values) list.push_back(text_of(value));
    into.texts = list.data();
    into.text_count = list.size();
  }
};

[[noreturn]] void fail_as_changed() {
  throw SetupError(
      "the plugin declares other parameters or competitor types than when the spec was read");
}

const std::vector<ParameterInfo>& parameters_of(const WorldType& type, const std::string& name) {
  const auto found =
      std::find_if(type.competitor_types.begin(), type.competitor_types.end(),
                   [&name](const CompetitorType& each) { return each.name == name; });
  if (found == type.competitor_types.end()) fail_as_changed();
  return found->parameters;
}

}  // namespace

SetupTables::SetupTables(const WorldSetup& setup, const WorldType& type) {
  const ValueTables::Values& own = tables_.add(setup.parameters, type.parameters);
  for (const Competitor& each : setup.competitors) {
    const ValueTables::Values& values =
        tables_.add(each.parameters, parameters_of(type, each.type));
    competitors_.push_back({text_of(each.name), text_of(each.type), values.data(), values.size()});
  }
  setup_ = {sizeof(joust_setup), setup.seats,         own.data(),    own.size(),
            competitors_.data(), competitors_.size(), setup.threads, 0};
}

const ValueTables::Values& ValueTables::add(const Parameters& values,
                                            const std::vector<ParameterInfo>& declared) {
  Values& rows = tables_.emplace_back();
  if (values.values().size() != declared.size()) fail_as_changed();
  for (const auto& [name, value] : values.values()) {
    const auto info =
        std::find_if(declared.begin(), declared.end(),
                     [&wanted = name](const ParameterInfo& each) { return each.name == wanted; });
    if (info == declared.end() || info->default_value.index() != value.index()) fail_as_changed();
    rows.push_back({text_of(name), this->value(*info, value)});
  }
  return rows;
}

joust_value ValueTables::value(const ParameterInfo& declared, const ParameterValue& value) {
  joust_value row{};
  row.kind = static_cast<std::uint32_t>(declared.kind);
  std::visit(Filler{row, texts_}, value);
  return row;
}

}  // namespace joust::worlds::plugin
