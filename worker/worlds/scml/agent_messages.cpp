#include "worker/worlds/scml/agent_messages.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <type_traits>

#include "common/parse_number.hpp"
#include "worker/worlds/agents/messages.hpp"

namespace joust::worlds::scml {
namespace {

using Json = nlohmann::json;

// The members of each struct by name, once for both directions.
template <class Setting, class Visit>
void for_each_member(Setting& setting, Visit visit) requires
    std::is_same_v<std::remove_const_t<Setting>, AgentSetting> {
  visit("factories", setting.factories);
  visit("lines", setting.lines);
  visit("rounds", setting.rounds);
  visit("days", setting.days);
  visit("reference_quirks", setting.reference_quirks);
  visit("partner_rank", setting.partner_rank);
}

template <class Terms, class Visit>
void for_each_member(
    Terms& terms, Visit visit) requires std::is_same_v<std::remove_const_t<Terms>, UtilityTerms> {
  visit("day", terms.day);
  visit("lines", terms.lines);
  visit("balance", terms.balance);
  visit("production_cost", terms.production_cost);
  visit("disposal_cost", terms.disposal_cost);
  visit("storage_cost", terms.storage_cost);
  visit("shortfall_penalty", terms.shortfall_penalty);
  visit("own_price_scale", terms.own_price_scale);
  visit("input_price", terms.input_price);
  visit("output_price", terms.output_price);
  visit("exogenous_in", terms.exogenous_in);
  visit("exogenous_in_price", terms.exogenous_in_price);
  visit("exogenous_out", terms.exogenous_out);
  visit("exogenous_out_price", terms.exogenous_out_price);
  visit("inventory_in", terms.inventory_in);
  visit("inventory_out", terms.inventory_out);
}

template <class AnyIssues, class Visit>
void for_each_member(AnyIssues& issues,
                     Visit visit) requires std::is_same_v<std::remove_const_t<AnyIssues>, Issues> {
  visit("quantity", issues.quantity);
  visit("day", issues.day);
  visit("unit_price", issues.unit_price);
}

template <class AnyDesk, class Visit>
void for_each_member(AnyDesk& desk,
                     Visit visit) requires std::is_same_v<std::remove_const_t<AnyDesk>, Desk> {
  visit("factory", desk.factory);
  visit("level", desk.level);
  visit("levels", desk.levels);
  visit("days", desk.days);
  visit("rounds", desk.rounds);
  visit("competitors", desk.competitors);
  visit("perishable", desk.perishable);
  visit("terms", desk.terms);
  visit("input_issues", desk.input_issues);
  visit("output_issues", desk.output_issues);
  visit("suppliers", desk.suppliers);
  visit("consumers", desk.consumers);
  visit("raw_supply", desk.raw_supply);
  visit("final_demand", desk.final_demand);
  visit("supplies", desk.supplies);
  visit("sales", desk.sales);
  visit("future_supplies", desk.future_supplies);
  visit("future_sales", desk.future_sales);
}

template <class T>
constexpr bool kIsPlain = std::is_arithmetic_v<T> || std::is_same_v<T, std::vector<int>>;

template <class T>
Json to_json(const T& value) {
  if constexpr (kIsPlain<T>) {
    return value;
  } else if constexpr (std::is_same_v<T, Issue>) {
    return Json::array({value.low, value.high});
  } else {
    Json json = Json::object();
    for_each_member(value, [&](const char* name, const auto& each) { json[name] = to_json(each); });
    return json;
  }
}

template <class T>
void from_json(const Json& json, T& value) {
  if constexpr (kIsPlain<T>) {
    json.get_to(value);
  } else if constexpr (std::is_same_v<T, Issue>) {
    value = {json.at(0), json.at(1)};
  } else {
    for_each_member(value, [&](const char* name, auto& each) { from_json(json.at(name), each); });
  }
}

std::string text_of(const Offer& offer) {
  return fmt::format("[{},{},{}]", offer.quantity, offer.day, offer.unit_price);
}

std::string agreed_members(const Desk& desk) {
  std::string members = fmt::format(R"(,"supplies":{},"sales":{})", desk.supplies, desk.sales);
  if (desk.future_supplies.empty()) return members;
  return members + fmt::format(R"(,"future_supplies":[{}],"future_sales":[{}])",
                               fmt::join(desk.future_supplies, ","),
                               fmt::join(desk.future_sales, ","));
}

Agreed agreed_of(const Json& message) {
  Agreed agreed;
  message.at("supplies").get_to(agreed.supplies);
  message.at("sales").get_to(agreed.sales);
  agreed.future_supplies = message.value("future_supplies", std::vector<int>());
  agreed.future_sales = message.value("future_sales", std::vector<int>());
  return agreed;
}

// Nothing: it is no list of three whole numbers.
std::optional<Offer> offer_of(const Json& json) {
  constexpr std::size_t kNumbers = 3;
  if (!json.is_array() || json.size() != kNumbers) return std::nullopt;
  for (const Json& number : json) {
    if (!number.is_number_integer()) return std::nullopt;
    // as a double, which does not wrap around
    const auto value = number.get<double>();
    if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) {
      return std::nullopt;
    }
  }
  return Offer{.quantity = json[0], .day = json[1], .unit_price = json[2]};
}

std::string text_of(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::accept:
      return "\"accept\"";
    case Reply::Kind::propose:
      return text_of(reply.offer);
    case Reply::Kind::end:
      break;
  }
  return "\"end\"";
}

Reply reply_of(const Json& json, std::string_view answer) {
  if (json == "accept") return Reply::accept();
  if (json == "end") return Reply::end();
  if (const auto offer = offer_of(json)) return Reply::propose(*offer);
  agents::reject(R"(a reply must be "accept", "end" or [quantity, day, unit price])", answer);
}

}  // namespace

std::string begin_members(const AgentSetting& setting) {
  const std::string json = to_json(setting).dump();
  return "," + json.substr(1, json.size() - 2);
}

AgentSetting read_begin(std::string_view message) {
  const Json json = Json::parse(message);
  AgentSetting setting;
  from_json(json, setting);
  setting.seed = parse_number<std::uint64_t>(json.at("seed64").get<std::string>()).value();
  return setting;
}

std::string begin_day_members(const Desk& desk) { return ",\"desk\":" + to_json(desk).dump(); }

Desk read_begin_day(std::string_view message) {
  Desk desk;
  from_json(Json::parse(message).at("desk"), desk);
  return desk;
}

std::string act_members(const Desk& desk, std::span<const Talk> talks) {
  std::string members = agreed_members(desk) + ",\"talks\":[";
  for (const Talk& talk : talks) {
    if (members.back() != '[') members += ',';
    members += fmt::format(R"({{"partner":{},"round":{},"selling":{})", talk.partner, talk.round,
                           talk.selling);
    if (talk.has_offer) members += ",\"offer\":" + text_of(talk.offer);
    members += '}';
  }
  return members + ']';
}

Request read_act(std::string_view message) {
  const Json json = Json::parse(message);
  Request request = {.agreed = agreed_of(json), .talks = {}};
  for (const Json& each : json.at("talks")) {
    Talk talk = {.partner = each.at("partner"),
                 .round = each.at("round"),
                 .selling = each.at("selling"),
                 .has_offer = each.contains("offer"),
                 .offer = {}};
    if (talk.has_offer) talk.offer = offer_of(each.at("offer")).value();
    request.talks.push_back(talk);
  }
  return request;
}

std::string agreement_members(const Desk& desk, int partner, bool selling, const Offer& offer) {
  return fmt::format(R"({},"partner":{},"selling":{},"offer":{})", agreed_members(desk), partner,
                     selling, text_of(offer));
}

Agreement read_agreement(std::string_view message) {
  const Json json = Json::parse(message);
  return {.agreed = agreed_of(json),
          .partner = json.at("partner"),
          .selling = json.at("selling"),
          .offer = offer_of(json.at("offer")).value()};
}

std::string replies_members(std::span<const Reply> replies) {
  std::string members = ",\"replies\":[";
  for (const Reply& reply : replies) {
    if (members.back() != '[') members += ',';
    members += text_of(reply);
  }
  return members + ']';
}

void read_replies(std::string_view answer, std::span<Reply> replies) {
  const Json json = Json::parse(answer);
  const auto list = json.find("replies");
  if (list == json.end() || !list->is_array()) {
    agents::reject("an answer without the list 'replies'", answer);
  }
  if (list->size() > replies.size()) {
    agents::reject(fmt::format("{} replies to {} talks", list->size(), replies.size()), answer);
  }
  for (std::size_t i = 0; i < list->size(); ++i) replies[i] = reply_of((*list)[i], answer);
}

bool read_synchronous(std::string_view answer) {
  const Json json = Json::parse(answer);
  const auto value = json.find("synchronous");
  if (value == json.end()) return false;
  if (!value->is_boolean()) agents::reject("'synchronous' must be true or false", answer);
  return value->get<bool>();
}

}  // namespace joust::worlds::scml
