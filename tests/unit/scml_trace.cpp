// The tables of a game: the columns that the reference's have, and what stands in them.

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/scml_setup.hpp"
#include "worker/worlds/scml/trace/game_trace.hpp"
#include "worker/worlds/scml/trace/python_text.hpp"
#include "worker/worlds/worlds.hpp"

namespace joust::test {
namespace {

using namespace worlds::scml;

constexpr int kRounds = 20;

struct Told : WorldTrace {
  void table(std::string_view name, std::string_view text) override {
    files[std::string(name)] = text;
  }
  void summary(const SummaryTable& table) override { summaries.push_back(table); }
  std::map<std::string, std::string> files;
  std::vector<SummaryTable> summaries;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The cells of a line, without their quotes.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells = {""};
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// A table's rows, each as column -> cell.
std::vector<std::map<std::string, std::string>> rows_of(const std::string& text) {
  const std::vector<std::string> lines = lines_of(text);
  const std::vector<std::string> header = cells_of(lines.at(0));
  std::vector<std::map<std::string, std::string>> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::vector<std::string> cells = cells_of(lines[i]);
    REQUIRE(cells.size() == header.size());
    rows.emplace_back();
    for (std::size_t c = 0; c < cells.size(); ++c) rows.back()[header[c]] = cells[c];
  }
  return rows;
}

// Two factories, one on each level, for three days.
Economy small_economy() {
  Economy economy;
  economy.days = 3;
  economy.levels = 2;
  economy.catalog_prices = {10, 16, 28};
  economy.factories.resize(2);
  economy.factories[0].balance = 1000;
  economy.factories[1].balance = 2000;
  economy.factories[0].seat = 2;
  economy.factories[1].level = 1;
  economy.supplies = {{5, 50}, {0, 0}, {4, 40}, {0, 0}, {0, 0}, {0, 0}};
  economy.sales = {{0, 0}, {4, 110}, {0, 0}, {0, 0}, {0, 0}, {6, 180}};
  return economy;
}

Cast small_cast(const Economy& economy) {
  return {17, economy, {{"00Ni@0", "NiceAgent"}, {"01Pr@1", "it's, mine"}}};
}

const Issues kIssues = {{1, 10}, {0, 2}, {16, 17}};

// Negotiation `number` of the day: the consumer offers, the supplier accepts.
void agree(GameTrace& trace, int number, const Offer& offer) {
  trace.on_open(number, {1, 0, true, 1, kIssues});
  trace.on_proposal(number, 1, offer);
  trace.on_end(number, NegotiationObserver::End::agreed, 1, 0);
}

std::vector<FactoryState> states() {
  std::vector<FactoryState> factories(2);
  factories[0].balance = 1000;
  factories[1].balance = 2000;
  return factories;
}

const std::string kContractColumns =
    "index,id,seller_name,buyer_name,seller_type,buyer_type,delivery_time,quantity,unit_price,"
    "signed_at,nullified_at,concluded_at,signatures,issues,seller,buyer,partners,product_name,"
    "n_neg_steps,negotiation_id,executed_at,breaches,erred_at,dropped_at,product_index,breached,"
    "executed,erred,nullified";
const std::string kNegotiationColumns =
    "index,id,partner_ids,partners,partner_types,requested_at,ended_at,mechanism_type,issues,"
    "final_status,failed,agreement,group,caller,product,is_buy,buyer,seller,sim_step,running,"
    "waiting,started,step,relative_time,broken,timedout,agreement_neg,results,n_negotiators,"
    "has_error,error_details,erred_negotiator,erred_agent,threads,last_thread,current_offer,"
    "current_proposer,current_proposer_agent,n_acceptances,last_negotiator,current_data,offers,"
    "ended_by,refused_offer";

std::string stats_columns(int products, const std::vector<std::string>& names) {
  std::string line =
      "index,n_contracts_nullified_now,n_contracts_nullified_quantity,n_contracts_nullified_price";
  for (int p = 0; p < products; ++p) {
    for (const char* name : {"trading_price", "sold_quantity", "unit_price", "exogenous_quantity",
                             "exogenous_unit_price"}) {
      line += std::string(",") + name + "_" + std::to_string(p);
    }
  }
  for (const std::string& agent : names) {
    for (const char* name : {"score", "balance", "bankrupt", "productivity", "shortfall_quantity",
                             "shortfall_penalty", "storage_cost", "disposal_cost",
                             "inventory_penalized", "inventory_input", "inventory_output"}) {
      line += std::string(",") + name + "_" + agent;
    }
  }
  return line +
         ",n_contracts_executed,n_contracts_erred,n_contracts_nullified,n_contracts_cancelled,"
         "n_contracts_dropped,n_breaches,breach_level,n_contracts_signed,n_contracts_concluded,"
         "n_negotiations,activity_level,n_registered_negotiations_before,"
         "n_negotiation_rounds_successful,n_negotiation_rounds_failed,n_negotiation_successful,"
         "n_negotiation_failed,n_registered_negotiations_after";
}

// The contracts' ids in the order of the file, with the days on which they were executed and
// nullified.
std::vector<std::string> fates(const std::string& contracts) {
  std::vector<std::string> all;
  for (auto& row : rows_of(contracts)) {
    all.push_back(row["id"] + " " + row["executed_at"] + " " + row["nullified_at"]);
  }
  return all;
}

TEST_CASE("the columns of the tables are the reference's") {
  const Economy economy = small_economy();
  const GameTrace trace(kRounds, small_cast(economy));
  Told told;
  trace.tell(told);
  CHECK(told.files["contracts.csv"] == kContractColumns + "\n");
  CHECK(told.files["negotiations.csv"] == kNegotiationColumns + "\n");
  CHECK(told.files["stats.csv"] == stats_columns(3, {"00Ni@0", "01Pr@1"}) + "\n");
  REQUIRE(told.files.size() == trace_tables().size());
  for (const std::string& name : trace_tables()) CHECK(told.files.contains(name));
}

TEST_CASE("the README describes every column") {
  std::ifstream in(JOUST_SOURCE_DIR "/worker/worlds/scml/README.md");
  std::ostringstream all;
  all << in.rdbuf();
  const std::string readme = all.str();
  std::size_t columns = 0;
  for (const std::string& header :
       {kContractColumns, kNegotiationColumns, stats_columns(1, {"A"})}) {
    for (std::string column : cells_of(header)) {
      if (column.ends_with("_0")) column.back() = 'P';
      CAPTURE(column);
      CHECK(readme.find("`" + column + "`") != std::string::npos);
      ++columns;
    }
  }
  CHECK(columns > 100);
}

TEST_CASE("contracts are listed by delivery, and say what became of them") {
  const Economy economy = small_economy();
  GameTrace trace(kRounds, small_cast(economy));
  std::vector<FactoryState> factories = states();
  agree(trace, 0, {3, 2, 17});  // for the last day, when the buyer is bankrupt
  agree(trace, 1, {2, 0, 16});
  trace.on_day(0, factories, {}, {10, 16, 28}, {10, 16, 28});
  agree(trace, 0, {4, 1, 17});
  factories[1].bankrupt = true;
  trace.on_day(1, factories, {}, {10, 16, 28}, {10, 16, 28});
  trace.on_day(2, factories, {}, {10, 16, 28}, {10, 16, 28});
  Told told;
  trace.tell(told);
  const std::string& contracts = told.files["contracts.csv"];
  CAPTURE(contracts);
  CHECK(fates(contracts) == std::vector<std::string>{"17-0-c1 0 -1", "17-0-c2 0 -1", "17-0-c3 0 -1",
                                                     "17-1-c0 1 -1", "17-1-c1 1 -1", "17-0-c0 -1 1",
                                                     "17-2-c0 2 -1"});
  const std::vector<std::string> lines = lines_of(contracts);
  CHECK(lines[1] ==
        "1,17-0-c1,00Ni@0,01Pr@1,NiceAgent,\"it's, mine\",0,2,16,0,-1,0,01Pr@1|00Ni@0,"
        "\"(ContiguousIssue((1, 10), quantity), ContiguousIssue((0, 2), time), "
        "ContiguousIssue((16, 17), unit_price))\",00Ni@0,01Pr@1,\"('01Pr@1', '00Ni@0')\",p1,1,"
        "17-0-n1,0,,-1,-1,1,False,True,False,False");
  CHECK(lines[2] ==
        "2,17-0-c2,SELLER,00Ni@0,System,NiceAgent,0,5,10,0,-1,-1,00Ni@0|SELLER,(),SELLER,00Ni@0,"
        "\"('00Ni@0', 'SELLER')\",p0,0,,0,,-1,-1,0,False,True,False,False");
  CHECK(lines[3].starts_with("3,17-0-c3,01Pr@1,BUYER,\"it's, mine\",System,0,4,27.5,0,-1,-1,"));
  CHECK(lines[6].ends_with(",17-0-n0,-1,,-1,-1,1,False,False,False,True"));
}

TEST_CASE("a negotiation's row tells its offers, how it ended, and by whom") {
  const Economy economy = small_economy();
  GameTrace trace(kRounds, small_cast(economy));
  using End = NegotiationObserver::End;
  for (const int number : {0, 1, 2}) trace.on_open(number, {1, 0, true, 1, kIssues});
  trace.on_refused(2, 0, {11, 3, 16});
  trace.on_end(2, End::broken, 1, 0);
  trace.on_proposal(0, 1, {3, 0, 16});
  trace.on_proposal(0, 0, {5, 0, 17});
  trace.on_end(0, End::agreed, 2, 1);
  trace.on_proposal(1, 1, {1, 0, 16});
  trace.on_end(1, End::timed_out, kRounds, -1);
  trace.on_day(0, states(), {}, {10, 16, 28}, {10, 16, 28});
  Told told;
  trace.tell(told);
  const std::vector<std::string> lines = lines_of(told.files["negotiations.csv"]);
  REQUIRE(lines.size() == 4);
  CHECK(lines[1] ==
        "0,17-0-n2,\"['01Pr@1', '00Ni@0']\",\"['01Pr@1', '00Ni@0']\","
        "\"['it\\'s, mine', 'NiceAgent']\",0,0,SAOMechanism,"
        "\"['quantity: (1, 10)', 'time: (0, 2)', 'unit_price: (16, 17)']\",failed,True,None,,"
        "01Pr@1,1,True,01Pr@1,00Ni@0,0,False,False,True,1,0.09523809523809523,True,False,,,2,"
        "False,,,,{},,,,,0,,,\"{'01Pr@1': [], '00Ni@0': []}\",00Ni@0,\"(11, 3, 16)\"");
  auto rows = rows_of(told.files["negotiations.csv"]);
  CHECK(rows[1]["final_status"] == "succeeded");
  CHECK(rows[1]["agreement"] == "(5, 0, 17)");
  CHECK(rows[1]["agreement_neg"] == "(5, 0, 17)");
  CHECK(rows[1]["step"] == "2");
  CHECK(rows[1]["current_proposer"] == "00Ni@0");
  CHECK(rows[1]["n_acceptances"] == "2");
  CHECK(rows[1]["offers"] == "{'01Pr@1': [(3, 0, 16)], '00Ni@0': [(5, 0, 17)]}");
  CHECK(rows[1]["ended_by"] == "01Pr@1");
  CHECK(rows[1]["refused_offer"] == "");
  CHECK(rows[2]["timedout"] == "True");
  CHECK(rows[2]["broken"] == "False");
  CHECK(rows[2]["relative_time"] == "1.0");
  CHECK(rows[2]["ended_by"] == "");
}

TEST_CASE("a day's row has the numbers of its products, factories and negotiations") {
  const Economy economy = small_economy();
  GameTrace trace(kRounds, small_cast(economy));
  std::vector<FactoryState> factories = states();
  agree(trace, 0, {3, 0, 16});
  agree(trace, 1, {2, 2, 17});
  trace.on_open(2, {1, 0, true, 1, kIssues});
  trace.on_end(2, NegotiationObserver::End::broken, 3, 0);
  factories[0].balance = 1100;
  factories[0].outcome.produced = 3;
  factories[0].outcome.leftover = 2;
  factories[0].outcome.disposal_cost = 1.5;
  factories[1].balance = -1;
  factories[1].bankrupt = true;
  factories[1].outcome.shortfall = 1;
  factories[1].outcome.shortfall_penalty = 7.25;
  trace.on_day(0, factories, {}, {10, 16, 28}, {10.5, 16, 27});
  trace.on_day(1, factories, {}, {10.5, 16, 27}, {10, 16, 27});
  Told told;
  trace.tell(told);
  const std::vector<std::string> lines = lines_of(told.files["stats.csv"]);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] ==
        "0,0,0,0,10.5,5,10.0,5.0,10.0,16.0,3,16.0,0.0,0.0,27.0,4,27.5,4.0,27.5,"
        "1.1,1100.0,False,0.3,0,0.0,0.0,1.5,2,0,0,"
        "-0.0005,-1.0,True,0.0,1,7.25,0.0,0.0,0,0,0,"
        "3,0,0,0,0,0,0.0,4,4,3,208,0,4,4,2,1,0");
  // nothing of products 1 and 2 was traded
  CHECK(lines[2].starts_with("1,0,0,0,10.0,4,10.0,4.0,10.0,16.0,0,,0.0,0.0,27.0,0,,0.0,0.0,1.1,"));
}

TEST_CASE("the summary says what each factory did and what was paid for each product") {
  const Economy economy = small_economy();
  GameTrace trace(kRounds, small_cast(economy));
  std::vector<FactoryState> factories = states();
  factories[0].outcome.total_input = 5;
  factories[0].outcome.total_output = 4;
  factories[0].outcome.produced = 3;
  factories[1].outcome.shortfall = 2;
  factories[1].bankrupt = true;
  agree(trace, 0, {3, 0, 16});
  trace.on_day(0, factories, {}, {10, 16, 28}, {11, 16, 28});
  factories[0].balance = 1500;
  trace.on_day(1, factories, {}, {11, 16, 28}, {12, 17, 28});
  Told told;
  trace.tell(told);
  REQUIRE(told.summaries.size() == 2);
  using Row = std::vector<SummaryTable::Cell>;
  const auto whole = [](int number) { return SummaryTable::Cell(std::int64_t{number}); };
  CHECK((told.summaries[0].rows ==
         std::vector<Row>{{whole(0), std::string("00Ni@0"), std::string("NiceAgent"), whole(2), 1.5,
                           whole(3), whole(10), whole(8), whole(6), whole(0), false},
                          {whole(1),
                           std::string("01Pr@1"),
                           std::string("it's, mine"),
                           {},
                           1.0,
                           whole(2),
                           whole(0),
                           whole(0),
                           whole(0),
                           whole(2),
                           true}}));
  CHECK((told.summaries[1].rows == std::vector<Row>{{whole(0), 10.0, 12.0, whole(9)},
                                                    {whole(1), 16.0, 17.0, whole(3)},
                                                    {whole(2), 28.0, 28.0, whole(4)}}));
}

TEST_CASE("texts are written so that Python reads them back") {
  CHECK(python_text(std::string_view("a'b\\c\n")) == "'a\\'b\\\\c\\x0a'");
  CHECK(python_list({}) == "[]");
}

// Asks a world to explain itself.
class Asking : public RecordingContext {
 public:
  WorldTrace* trace() override { return &told; }
  Told told;
};

struct Played {
  WorldResult result;
  Told told;
};

Played play_traced(const WorldType& type, const WorldSetup& setup, const WorldTask& task) {
  Asking asking;
  const auto world = type.make(setup);
  WorldResult result = world->play(task, asking);
  return {std::move(result), std::move(asking.told)};
}

TEST_CASE("a Standard world's inventories, later deliveries and void contracts are in its tables") {
  const Rules rules = default_rules(Game::standard);
  const Economy economy = economy_played_by(types_of(Game::standard), 30, 3, rules);
  const auto game = new_game(rules, economy, 3);
  Cast cast = {.task = 1, .economy = economy, .players = {}};
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    cast.players.push_back({std::to_string(i), economy.factories[i].type});
  }
  GameTrace trace(kRounds, cast);
  game->watch(&trace);
  while (game->day() < economy.days) game->play_day(&trace);
  Told told;
  trace.tell(told);
  auto stats = rows_of(told.files["stats.csv"]);
  int stored = 0;
  for (std::size_t i = 0; i < economy.factories.size(); ++i) {
    const int inventory = game->factories()[i].inventory;
    CHECK(stats.back()["inventory_input_" + std::to_string(i)] == std::to_string(inventory));
    CHECK(std::stod(stats.back()["balance_" + std::to_string(i)]) == game->factories()[i].balance);
    stored += inventory;
  }
  CHECK(stored > 0);
  std::uint64_t nullified = 0;
  int later = 0;
  for (auto& row : rows_of(told.files["contracts.csv"])) {
    if (row["nullified"] == "True") ++nullified;
    if (row["delivery_time"] != row["signed_at"]) ++later;
    CHECK((row["executed_at"] == row["delivery_time"]) == (row["nullified"] == "False"));
  }
  CHECK(nullified == game->counts().nullified_contracts);
  CHECK(nullified > 0);
  CHECK(later > 0);
}

TEST_CASE("a world that explains itself has the same result, and its tables fit each other") {
  WorldType type = worlds::scml_oneshot_world();
  Game game = Game::oneshot;
  SUBCASE("OneShot") {}
  SUBCASE("Standard") {
    type = worlds::scml_standard_world();
    game = Game::standard;
  }
  const WorldSetup setup = setup_of(type, types_of(game), 3);
  const std::vector<std::uint32_t> seats = {0, 3, 5};
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    WorldTask task;
    task.index = 5;
    task.seed = seed;
    task.config_seed = seed + 100;
    task.seats = seats;
    Played played = play_traced(type, setup, task);
    RecordingContext silent;
    CHECK(type.make(setup)->play(task, silent) == played.result);
    CHECK(play_traced(type, setup, task).told.files == played.told.files);

    std::map<std::string, double> counters;
    for (const Counter& counter : played.result.counters) counters[counter.name] = counter.value;
    auto negotiations = rows_of(played.told.files["negotiations.csv"]);
    auto contracts = rows_of(played.told.files["contracts.csv"]);
    auto stats = rows_of(played.told.files["stats.csv"]);
    CHECK(static_cast<double>(negotiations.size()) == counters["n_negs_initiated"]);
    CHECK(static_cast<double>(contracts.size()) * 2 == counters["n_contracts_concluded"]);
    CHECK(static_cast<double>(stats.size()) == counters["n_steps"]);
    double failed = 0;
    for (auto& row : negotiations) failed += row["failed"] == "True" ? 1 : 0;
    CHECK(failed * 2 == counters["n_negs_failed"]);
    int sold = 0;
    int sold_in_contracts = 0;
    double nullified = 0;
    for (auto& row : stats) sold += std::stoi(row["sold_quantity_1"]);
    for (auto& row : contracts) {
      if (row["product_name"] == "p1" && row["executed"] == "True") {
        sold_in_contracts += std::stoi(row["quantity"]);
      }
      CHECK((row["executed"] == "True") != (row["nullified"] == "True"));
      if (row["nullified"] == "True") ++nullified;
    }
    CHECK(nullified * 2 == counters["n_contracts_nullified"]);
    CHECK(sold > 0);
    CHECK(sold == sold_in_contracts);
    for (const SeatResult& seat : played.result.seats) {
      CHECK(std::stod(stats.back()["score_" + seat.agent_name]) == seat.score);
    }
  }
}

}  // namespace
}  // namespace joust::test
