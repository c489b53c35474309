#include "common/parameter_json.hpp"

#include <nlohmann/json.hpp>

namespace joust {
namespace {

using Json = nlohmann::json;

struct ToJson {
  Json operator()(bool value) const { return value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const std::vector<std::string>& values) const { return values; }
  Json operator()(const JsonText& value) const { return Json::parse(value.text); }
  template <class Range>
  Json operator()(const Range& range) const {
    return Json::array({range.low, range.high});
  }
};

}  // namespace

Json to_json(const ParameterValue& value) { return std::visit(ToJson{}, value); }

ParameterValue from_json(ParameterKind kind, const Json& json) {
  switch (kind) {
    case ParameterKind::boolean:
      return json.get<bool>();
    case ParameterKind::integer:
    case ParameterKind::duration:
    case ParameterKind::size:
      return json.get<std::int64_t>();
    case ParameterKind::real:
      return json.get<double>();
    case ParameterKind::text:
    case ParameterKind::file:
      return json.get<std::string>();
    case ParameterKind::text_list:
      return json.get<std::vector<std::string>>();
    case ParameterKind::integer_range:
      return IntegerRange{json.at(0).get<std::int64_t>(), json.at(1).get<std::int64_t>()};
    case ParameterKind::real_range:
      return RealRange{json.at(0).get<double>(), json.at(1).get<double>()};
    case ParameterKind::json:
      break;
  }
  return JsonText{json.dump()};
}

}  // namespace joust
