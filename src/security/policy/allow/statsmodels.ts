// Written by scripts/allow-list/generate.mjs from what the serialisers were recorded to write. Do not edit it by hand.
import type { AllowList } from '../allow-group.ts'
import { nameTable } from '../name-table.ts'

export const statsmodels: AllowList = {
  framework: 'statsmodels',
  versions: ['patsy 1.0.3', 'statsmodels 0.14.1', 'statsmodels 0.15.0'],
  groups: [
    {
      condition: 'dataArguments',
      reason: 'a filter of compiled code, from arrays and numbers',
      names: nameTable(`
statsmodels.tsa.statespace._initialization: dInitialization zInitialization
statsmodels.tsa.statespace._kalman_filter: dKalmanFilter zKalmanFilter
statsmodels.tsa.statespace._kalman_smoother: dKalmanSmoother
statsmodels.tsa.statespace._representation: dStatespace zStatespace
`),
    },
    {
      condition: 'neverCalled',
      reason: 'a class or a function that results refer to',
      names: nameTable(`
statsmodels.tsa.statespace._initialization: cInitialization sInitialization
statsmodels.tsa.statespace._kalman_filter: cKalmanFilter sKalmanFilter
statsmodels.tsa.statespace._kalman_smoother: cKalmanSmoother sKalmanSmoother zKalmanSmoother
statsmodels.tsa.statespace._representation: cStatespace sStatespace
statsmodels.tsa.statespace._simulation_smoother: cSimulationSmoother dSimulationSmoother sSimulationSmoother
    zSimulationSmoother
statsmodels.tsa.statespace.simulation_smoother: SimulationSmoothResults
`),
    },
    {
      condition: 'withoutConstructor',
      reason: 'a fitted model or its results: restoring it copies numbers',
      names: nameTable(`
statsmodels.base.model: LikelihoodModelResults
statsmodels.discrete.discrete_model: BinaryResultsWrapper Logit LogitResults MNLogit MultinomialResults
    MultinomialResultsWrapper NegativeBinomial NegativeBinomialResults NegativeBinomialResultsWrapper Poisson PoissonResults
    PoissonResultsWrapper Probit ProbitResults
statsmodels.duration.hazard_regression: PHReg PHRegResults PHSurvivalTime
statsmodels.genmod.families.family: Binomial Gamma Gaussian Poisson
statsmodels.genmod.families.links: Identity Log Logit
statsmodels.genmod.families.varfuncs: Binomial Power VarianceFunction
statsmodels.genmod.generalized_linear_model: GLM GLMResults GLMResultsWrapper
statsmodels.nonparametric.kde: KDEUnivariate
statsmodels.regression.linear_model: GLS OLS OLSResults RegressionResults RegressionResultsWrapper WLS
statsmodels.regression.mixed_linear_model: MixedLM MixedLMParams MixedLMResults MixedLMResultsWrapper VCSpec
statsmodels.regression.quantile_regression: QuantReg QuantRegResults
statsmodels.robust.norms: HuberT
statsmodels.robust.robust_linear_model: RLM RLMResults RLMResultsWrapper
statsmodels.tools.tools: Bunch
statsmodels.tsa.ar_model: AutoReg AutoRegResults AutoRegResultsWrapper
statsmodels.tsa.arima.model: ARIMA ARIMAResults ARIMAResultsWrapper
statsmodels.tsa.arima.params: SARIMAXParams
statsmodels.tsa.arima.specification: SARIMAXSpecification
statsmodels.tsa.base.tsa_model: TimeSeriesModel
statsmodels.tsa.deterministic: DeterministicProcess TimeTrend
statsmodels.tsa.holtwinters.model: ExponentialSmoothing SimpleExpSmoothing
statsmodels.tsa.holtwinters.results: HoltWintersResults HoltWintersResultsWrapper
statsmodels.tsa.seasonal: DecomposeResult
statsmodels.tsa.seasonal._seasonal: DecomposeResult
statsmodels.tsa.statespace.initialization: Initialization
statsmodels.tsa.statespace.kalman_smoother: SmootherResults
statsmodels.tsa.statespace.sarimax: SARIMAX SARIMAXResults SARIMAXResultsWrapper
statsmodels.tsa.statespace.simulation_smoother: SimulationSmoother
statsmodels.tsa.statespace.structural: UnobservedComponents UnobservedComponentsResults UnobservedComponentsResultsWrapper
statsmodels.tsa.vector_ar.var_model: VAR VARResults VARResultsWrapper
`),
    },
    {
      condition: 'withoutConstructor',
      state: 'restoresPlainFormula',
      reason: 'a fitted model or its results: restoring it copies numbers',
      names: nameTable(`
statsmodels.base.data: ModelData PandasData
`),
    },
  ],
}
